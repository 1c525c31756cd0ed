#!/bin/sh
# Starts the store of attachments in its container: one bucket, and a key for each service that has to do with it. That of
# applications may write, and that of review in its own area. Everything but S3 itself listens on loopback, since it has no authentication; the port
# beside S3's cannot be closed, hence it demands a token whose signing key is random and not kept.
set -eu
umask 077

made=${SEAWEEDFS_MADE:-/tmp}
bucket=mingpai

for word in "$FILES_APPLICATIONS_SECRET" "$FILES_REVIEW_SECRET" "$FILES_REGISTRY_SECRET"; do
    case $word in
    '' | *[!A-Za-z0-9._-]*)
        echo "secrets of the store are letters, digits, dots, dashes and underscores" >&2
        exit 2
        ;;
    esac
done

cat >"$made/s3.json" <<EOF
{"identities": [
    {"name": "applications",
     "credentials": [{"accessKey": "applications", "secretKey": "$FILES_APPLICATIONS_SECRET"}],
     "actions": ["Read:$bucket", "List:$bucket", "Write:$bucket"]},
    {"name": "review",
     "credentials": [{"accessKey": "review", "secretKey": "$FILES_REVIEW_SECRET"}],
     "actions": ["Read:$bucket", "List:$bucket", "Write:$bucket/review/*"]},
    {"name": "registry",
     "credentials": [{"accessKey": "registry", "secretKey": "$FILES_REGISTRY_SECRET"}],
     "actions": ["Read:$bucket", "List:$bucket"]}
]}
EOF

WEED_JWT_FILER_SIGNING_KEY=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
export WEED_JWT_FILER_SIGNING_KEY

# The shell says yes whatever happened, so the bucket is made until it is there.
until wget -q -O /dev/null "http://127.0.0.1:8888/buckets/$bucket/"; do
    sleep 1
    echo "s3.bucket.create -name $bucket" | weed shell -master=127.0.0.1:9333
done >"$made/bucket.log" 2>&1 &

exec weed -logtostderr=true server -dir="${SEAWEEDFS_DATA:-/data}" -ip=127.0.0.1 -ip.bind=127.0.0.1 \
    -master.telemetry=false -master.volumeSizeLimitMB=1024 -volume.max=0 -filer=true \
    -s3=true -s3.ip.bind=0.0.0.0 -s3.port=8333 -s3.config="$made/s3.json" -s3.iam=false \
    -s3.port.iceberg=0 -s3.port.lance=0 -s3.autoCreateBucket=false -s3.allowDeleteBucketNotEmpty=false
