#!/bin/sh
# 立卡：不联网即可使用。首次运行时用随附的安装包建立环境，以后直接运行。
# Lika without a network: the first run builds the environment from the packages beside this file.
#
#   ./lika demo      装入演示县并打开网站        load the demonstration county and serve it
#   ./lika --help    全部命令                    all commands
#
# PYTHON=/path/to/python3 选择解释器；数据保存在本目录的 var/。
set -eu

here=$(dirname -- "$(readlink -f -- "$0")")
export LIKA_HOME="${LIKA_HOME:-$here}"

# The version of Python, if it is one whose packages are here.
version_of() {
    found=$("$1" -c 'import platform; print("%s.%s" % platform.python_version_tuple()[:2])' 2>/dev/null) || return 1
    [ -d "$here/packages/$found" ] && printf '%s' "$found"
}

find_python() {
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if version_of "$python" >/dev/null; then printf '%s' "$python"; return; fi
    done
    {
        echo "立卡需要 Python，可用版本：$(ls "$here/packages" | grep '^3' | tr '\n' ' ')；请安装其中之一，或用 PYTHON=… 指定。"
        echo "Lika needs one of these versions of Python: install one, or name it by PYTHON=…"
    } >&2
    return 2
}

build() {
    python=$(find_python)
    version=$(version_of "$python")
    echo "首次运行，正在建立环境（约一分钟）…… Building the environment, once." >&2
    rm -rf "$here/environment"
    # Without pip: Debian ships the module that brings pip in a package of its own. Pip runs from its wheel.
    "$python" -m venv --without-pip "$here/environment"
    set -- "$here"/packages/pip-*.whl
    "$here/environment/bin/python" "$1/pip" --isolated --disable-pip-version-check install --quiet \
        --no-compile --no-index --find-links "$here/packages" --find-links "$here/packages/$version" \
        --require-hashes --requirement "$here/packages/$version/requirements.txt"
    touch "$here/environment/complete"
}

[ -f "$here/environment/complete" ] || build
exec "$here/environment/bin/python" -m lika "$@"
