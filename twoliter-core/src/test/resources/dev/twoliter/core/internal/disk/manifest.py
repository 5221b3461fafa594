"""Prints the manifest of a mounted file system as TreeManifest writes it."""
import hashlib, os, stat, sys


def escaped(text):
    return "".join(
        chr(b) if 0x20 < b < 0x7F and chr(b) not in "#=\\" else "\\%03o" % b for b in os.fsencode(text)
    )


def line(root, path):
    info = os.lstat(root + path)
    kind = "dir" if stat.S_ISDIR(info.st_mode) else "link" if stat.S_ISLNK(info.st_mode) else "file"
    words = [
        "." + escaped(path),
        "type=" + kind,
        "mode=%04o" % stat.S_IMODE(info.st_mode),
        "uid=%d" % info.st_uid,
        "gid=%d" % info.st_gid,
        "time=%d.0" % (info.st_mtime_ns // 10**9),
    ]
    if kind == "file":
        with open(root + path, "rb") as content:
            words += ["size=%d" % info.st_size, "sha256digest=" + hashlib.sha256(content.read()).hexdigest()]
    elif kind == "link":
        words.append("link=" + escaped(os.readlink(root + path)))
    for name in sorted(os.listxattr(root + path, follow_symlinks=False)):
        words.append("xattr." + name + "=" + os.getxattr(root + path, name, follow_symlinks=False).hex())
    return " ".join(words)


root = sys.argv[1]
paths = [""]
for folder, folders, files in os.walk(root):
    paths += [os.path.join(folder, name)[len(root):] for name in folders + files]
print("#mtree")
for path in sorted(paths):
    print(line(root, path))
