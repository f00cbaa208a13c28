# docker build -t vary-data .
# docker run --rm -v "$PWD/out:/data/out" vary-data render-charts --lang zh -n 1000
#
# Uses the set-up scripts of this repository, in two layers: system packages, then the rest.
FROM debian:12-slim

# `cuda` for an image that trains on GPUs (3 GB more).
ARG TORCH=cpu
ARG PIP_NO_CACHE_DIR=1

WORKDIR /opt/vary-data
COPY scripts/install-system-packages scripts/find-browser scripts/
RUN scripts/install-system-packages && rm -rf /var/lib/apt/lists/*

COPY . .
RUN scripts/setup

# Chromium and TeX process untrusted input, so nothing runs as root.
RUN useradd --create-home --uid 1000 vary && install -d -o vary /data
USER vary
WORKDIR /data
ENV PATH=/opt/vary-data/.venv/bin:$PATH
ENTRYPOINT ["vary-data"]
CMD ["--help"]
