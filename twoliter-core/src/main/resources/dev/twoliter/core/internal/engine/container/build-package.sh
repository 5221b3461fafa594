# Builds one spec package inside the SDK (project-formats.md 5.6). Its standard input is the leash: when it closes, the
# one who wanted the package is gone. Exit statuses from 90 on are read by ContainerEngine.
set -eu

[ "$(cat /twoliter/in/token 2> /dev/null)" = "$TWOLITER_TOKEN" ] || exit 90

# One stream, so that lines stay whole and in order.
exec 3<&0 < /dev/null 2>&1
{
    cat <&3 > /dev/null
    while :; do kill -9 -1; done
} &
exec 3<&-

home=/home/builder
top=$home/rpmbuild
spec=$top/SPECS/$TWOLITER_SPEC
platform=/usr/lib/rpm/platform/$TWOLITER_ARCH-bottlerocket/macros
[ -d "$home" ] && id builder > /dev/null 2>&1 || exit 91
[ -f "$platform" ] || exit 92

for directory in "$top" "$top/BUILD" "$top/BUILDROOT" "$top/RPMS" "$top/SOURCES" "$top/SPECS" "$top/SRPMS"; do
    mkdir -p "$directory"
    chown builder: "$directory"
done
cat "$platform" /twoliter/in/macros > "$home/.rpmmacros"
cp "/twoliter/in/$TWOLITER_SPEC" "$spec"
# As the builder, so that a build may change what it was given.
find /twoliter/in/SOURCES -type f -exec cp -t "$top/SOURCES" {} +
# A copy, since cargo completes its lock file, and since times and targets of the project are nobody's business here.
if [ -d /twoliter/sources ]; then
    mkdir "$top/BUILD/sources"
    tar -C /twoliter/sources --exclude=./target -cf - . | tar -C "$top/BUILD/sources" -xf -
    chown -R builder: "$top/BUILD/sources"
fi
chown builder: "$home/.rpmmacros" "$top"/SPECS/* "$top"/SOURCES/* 2> /dev/null || true

export HOME=$home
rpmspec --query --buildrequires "$spec" > /tmp/build-requires || exit 93
cp /tmp/build-requires /twoliter/out/build-requires
if [ -s /tmp/build-requires ]; then
    echo "twoliter: installing build requirements"
    dnf --config /twoliter/in/dnf.conf --disableplugin=local --assumeyes --releasever=1 \
        --forcearch="$TWOLITER_ARCH" builddep "$spec" || exit 94
fi

echo "twoliter: building"
cd "$top"
runuser -u builder -- rpmbuild -bb --clean --undefine _auto_set_build_flags "$spec" || exit 95

cd "$top/RPMS"
find . -type f -exec cp -t /twoliter/out/rpms {} +
chown -R "$TWOLITER_OWNER" /twoliter/out
