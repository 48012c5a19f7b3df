# The service with the embedded model: docker build -t adwar . && docker run --rm -p 127.0.0.1:8000:8000 adwar
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels -c constraints.txt '.[serve]'

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links /wheels 'adwar[serve]' && rm -rf /wheels \
    && useradd --system --uid 10001 --no-create-home adwar
USER 10001
ENV PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["adwar", "serve", "--host", "0.0.0.0"]
