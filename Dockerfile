# newsdesk for a container; docs/OPERATING.md says how to build it, how to run it, and what it may do.
FROM python:3.11.14-slim-bookworm AS build
# The address of an index of PyTorch's CPU wheels: the ordinary ones bring gigabytes for graphics cards.
ARG TORCH_INDEX=""
WORKDIR /source
COPY pyproject.toml README.md LICENSE NOTICE .ci/locked/image.txt ./
COPY assistant ./assistant
COPY index ./index
COPY ui ./ui
RUN python -m venv /opt/newsdesk \
    && /opt/newsdesk/bin/pip install --no-cache-dir --no-deps \
        --index-url "${TORCH_INDEX:?Give --build-arg TORCH_INDEX}" "$(grep -o 'torch==[0-9.]*' pyproject.toml)" \
    && /opt/newsdesk/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement image.txt \
    && /opt/newsdesk/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11.14-slim-bookworm
# The profile, light or full, whose models the image is to hold; by default they are fetched into the volume.
ARG MODELS=""
RUN groupadd --gid 10001 newsdesk \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin newsdesk \
    && install --directory --mode 700 --owner 10001 --group 10001 /index /models /vectors
COPY --from=build /opt/newsdesk /opt/newsdesk
ENV PATH=/opt/newsdesk/bin:$PATH \
    HOME=/tmp \
    NEWSDESK_INDEX_DIR=/index \
    NEWSDESK_MODELS=/models \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /tmp
RUN if [ -n "$MODELS" ]; then newsdesk models fetch "$MODELS"; fi
VOLUME ["/index", "/models"]
EXPOSE 8000
# It has no token, so that a refusal is all it can expect of a server that is well.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status >= 500)"]
ENTRYPOINT ["newsdesk"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
