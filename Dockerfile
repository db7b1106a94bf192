# The one image of HMS-ACH: web, worker, beat and migrations differ by their command only (compose.yaml).
FROM python:3.11-slim-bookworm

RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --uid 10001 hms-ach

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt

COPY . .
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/staticfiles WEB_BIND=0.0.0.0:8000
RUN SECRET_KEY=only-while-building python manage.py collectstatic --no-input --verbosity 0

USER hms-ach
EXPOSE 8000
CMD ["gunicorn", "hms_ach.wsgi", "--config", "python:hms_ach.supervisor.web_server"]
