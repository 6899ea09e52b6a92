# Two stages: the wheel and its pinned dependencies are built once, the image holds only what runs.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/cadence && /opt/cadence/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip wheel --no-cache-dir --no-deps -w /wheels . && /opt/cadence/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data cadence && install -d -o cadence /data
COPY --from=build /opt/cadence /opt/cadence
ENV PATH=/opt/cadence/bin:$PATH PYTHONUNBUFFERED=1 CADENCE_DATA=/data CADENCE_HOST=0.0.0.0 CADENCE_LOG_FORMAT=json
USER cadence
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
CMD ["cadence", "run"]
