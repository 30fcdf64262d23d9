#!/bin/sh
# Make sure that there is a Chromium and a Korean font: install Debian's where they are missing and we may.
set -eu
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
font() { fc-list 2>/dev/null | grep -q "Noto Sans CJK"; }
if browser >/dev/null && font; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium and the font Noto Sans CJK: apt-get install chromium fonts-noto-cjk" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
browser >/dev/null
