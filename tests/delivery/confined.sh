# Run a program as the image does under docker-compose.yml: a root that cannot be written, no capability, no new
# privileges. Needs a mount namespace of its own:
#   unshare --mount sh confined.sh UID FOLDER PROGRAM WORDS...
# FOLDER is all that can be written.
set -eu
user=$1 writable=$2
shift 2
mount --make-rprivate /
mount --bind "$writable" "$writable"
while read -r _ at _; do
    case $at in
        "$writable" | /proc* | /sys* | /dev*) ;;
        *) mount -o remount,bind,ro "$at" ;;
    esac
done </proc/self/mounts
cd "$writable"
exec setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all --ambient-caps=-all "$@"
