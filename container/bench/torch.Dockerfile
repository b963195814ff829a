# For comparison only: the same server with sentence-transformers on PyTorch in place of ONNX Runtime.
# Built from the repository root by `npm run bench:cold-start`. SERVICE_IMAGE is the project's image, stage `local`.
ARG BASE_IMAGE=python:3.11-slim-bookworm
ARG SERVICE_IMAGE

FROM ${SERVICE_IMAGE} AS server

FROM ${BASE_IMAGE} AS no-byte-code
RUN python3 -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY container/requirements-torch.txt /build/
# PyPI's wheel for x86_64 is linked with NVIDIA's libraries: without them it can't be imported, GPU or not.
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca; fi; \
    pip install --quiet --no-cache-dir --no-compile --only-binary :all: -r /build/requirements-torch.txt
COPY container/requirements.txt /build/
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca; fi; \
    pip install --quiet --no-cache-dir --no-compile --only-binary :all: -r /build/requirements.txt && pip check

COPY container/model_tools /build/model_tools
COPY container/retrieval_server/__init__.py container/retrieval_server/embedder.py /build/retrieval_server/
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca; fi; \
    PYTHONPATH=/build PYTHONDONTWRITEBYTECODE=1 \
      python3 -m model_tools prepare --backend torch --source package --out /opt/torch-model \
    && chmod -R a+rX /opt/torch-model
COPY --from=server /opt/extensions /opt/extensions
COPY --from=server /usr/local/bin/aws-lambda-rie /usr/local/bin/aws-lambda-rie
COPY --from=server /opt/index /opt/index
COPY container/retrieval_server /opt/app/retrieval_server
ENV PYTHONPATH=/opt/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    PORT=8000 \
    AWS_LWA_PORT=8000 \
    AWS_LWA_READINESS_CHECK_PATH=/ready \
    AWS_LWA_READINESS_CHECK_HEALTHY_STATUS=200-299
WORKDIR /opt/app
USER 10001:10001
CMD ["python3", "-m", "retrieval_server"]

# As the note has it: `-b` puts m.pyc beside m.py, where Python does not look for it. (torch/testing is for a newer Python.)
FROM no-byte-code AS legacy-byte-code
USER 0:0
RUN python3 -m compileall -q -b -j 0 -x /torch/testing/ /opt/venv/lib /opt/app
USER 10001:10001

FROM no-byte-code AS byte-code
USER 0:0
RUN python3 -m compileall -q -j 0 -x /torch/testing/ --invalidation-mode unchecked-hash /opt/venv/lib /opt/app
USER 10001:10001
