"""`python -m vary_data`."""

from vary_data.cli import main

if __name__ == "__main__":
    main()
