#!/bin/sh
# Make sure that there is a Chromium, a Korean font and a PgBouncer: install Debian's where they are missing and we may.
set -eu
shell() { command -v chromium-headless-shell; }
browser() { shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }
font() { fc-list 2>/dev/null | grep -q "Noto Sans CJK"; }
pooler() { command -v pgbouncer || ls /usr/sbin/pgbouncer 2>/dev/null; }
all() { browser && font && pooler; }
may() { [ "$(id -u)" = 0 ] && command -v apt-get; }
install() { apt-get install -y -qq --no-install-recommends "$@"; }
export DEBIAN_FRONTEND=noninteractive
if ! all >/dev/null; then
    if ! may >/dev/null; then
        echo "The tests need Chromium, the font Noto Sans CJK and PgBouncer:" \
            "apt-get install chromium-headless-shell fonts-noto-cjk fontconfig pgbouncer" >&2
        exit 1
    fi
    apt-get update -qq
    install fonts-noto-cjk fontconfig pgbouncer >/dev/null
    install chromium-headless-shell >/dev/null 2>&1 || install chromium >/dev/null # not every Debian has the shell
elif ! shell >/dev/null && may >/dev/null; then
    # Any Chromium will do; the shell takes half of the processor's time.
    { apt-get update -qq && install chromium-headless-shell; } >/dev/null 2>&1 || true
fi
all >/dev/null
