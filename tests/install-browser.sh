#!/bin/sh
# Make sure that there is a Chromium, a Korean font and a PgBouncer: install Debian's where they are missing and we may.
set -eu
shell() { command -v chromium-headless-shell; }
browser() { shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }
font() { fc-list 2>/dev/null | grep -q "Noto Sans CJK"; }
pooler() { command -v pgbouncer || ls /usr/sbin/pgbouncer 2>/dev/null; }
may() { [ "$(id -u)" = 0 ] && command -v apt-get; }
install() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
if browser && font && pooler; then
    if shell || ! may; then exit 0; fi
fi >/dev/null
if ! may >/dev/null; then
    echo "The tests need Chromium, the font Noto Sans CJK and PgBouncer:" \
        "apt-get install chromium-headless-shell fonts-noto-cjk fontconfig pgbouncer" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
install fonts-noto-cjk fontconfig pgbouncer
# The shell takes half of the time; where the distribution hasn't got it, the whole browser will do.
if ! install chromium-headless-shell 2>/dev/null; then browser >/dev/null || install chromium; fi
browser >/dev/null
