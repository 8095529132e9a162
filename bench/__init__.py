"""ring1's measurements; `python -m bench` prints them."""
