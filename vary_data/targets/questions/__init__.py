"""Questions with exact answers, and the programs that compute them."""
