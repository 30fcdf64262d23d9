#!/bin/sh
# Make sure that there is a Chromium, a Korean font and a PgBouncer: install Debian's where they are missing and we may.
set -eu
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
font() { fc-list 2>/dev/null | grep -q "Noto Sans CJK"; }
pooler() { command -v pgbouncer || ls /usr/sbin/pgbouncer 2>/dev/null; }
if browser >/dev/null && font && pooler >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need Chromium, the font Noto Sans CJK and PgBouncer:" \
        "apt-get install chromium fonts-noto-cjk pgbouncer" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig pgbouncer >/dev/null
browser >/dev/null
