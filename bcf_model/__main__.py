"""``python -m bcf_model`` is ``bcf``."""

from bcf_model.cli import main

if __name__ == "__main__":
    main()
