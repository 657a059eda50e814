# Build:  docker build -t factline .
# Run:    docker run --env-file .env -v factline:/data factline        (docs/operations.md)

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/factline \
    UV_PYTHON_DOWNLOADS=never
RUN python -m venv /opt/uv && /opt/uv/bin/pip install --quiet uv==0.13.9
WORKDIR /src
# The dependencies first: a change of the source leaves their layer as it is.
COPY pyproject.toml uv.lock ./
RUN /opt/uv/bin/uv sync --locked --no-dev --no-install-project --python /usr/local/bin/python
COPY README.md LICENSE ./
COPY bot ./bot
COPY handlers ./handlers
COPY knowledge ./knowledge
# Whole seconds outlive a registry, fractions do not; bytecode and the knowledge cache both compare these times.
# Bytecode of both kinds: the bot runs without docstrings (bot/lean.py), all else with them.
RUN /opt/uv/bin/uv sync --locked --no-dev --no-editable --python /usr/local/bin/python \
    && find /opt/factline -exec touch --no-dereference --date=@1767225600 {} + \
    && /opt/factline/bin/python -m compileall -q -o 0 -o 2 /opt/factline/lib

FROM python:3.13-slim-bookworm
ENV FACTLINE_DATABASE_URL=sqlite:////data/factline.db \
    FACTLINE_LISTEN=0.0.0.0 \
    FACTLINE_PORT=8080 \
    HOME=/data \
    PATH=/opt/factline/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/opt/cache
RUN mkdir /data /opt/cache && chown 10001:10001 /data /opt/cache
COPY --from=build /opt/factline /opt/factline
USER 10001:10001
WORKDIR /data
# Proves the built-in knowledge; the first answer leaves it compiled in the image, so that no start parses YAML.
RUN factline check && factline ask "hello"
VOLUME ["/data"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:' + (os.environ.get('FACTLINE_PORT') or '8080') + '/healthz', timeout=5)"]
ENTRYPOINT ["factline"]
CMD ["run"]
