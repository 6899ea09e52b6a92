# Two stages: everything is installed once, from the lock and with its hashes; the image holds only what runs.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /build && python -m venv --without-pip /opt/cadence \
    && /build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock \
    && /build/bin/pip --python /opt/cadence install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation -w /wheels . \
    && /build/bin/pip --python /opt/cadence install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM python:3.12-slim
LABEL org.opencontainers.image.title="Cadence" \
      org.opencontainers.image.description="Email cadence for lost deals: thank, ask why, stay in touch, win back." \
      org.opencontainers.image.licenses="GPL-3.0-or-later"
RUN useradd --system --uid 10001 --home-dir /data cadence && install -d -o 10001 -g cadence -m 0700 /data
COPY --from=build /opt/cadence /opt/cadence
ENV PATH=/opt/cadence/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CADENCE_DATA=/data CADENCE_HOST=0.0.0.0 CADENCE_LOG_FORMAT=json
# By number, so that an orchestrator can see that it is not root. Only /data and /tmp are ever written to.
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
CMD ["cadence", "run"]
