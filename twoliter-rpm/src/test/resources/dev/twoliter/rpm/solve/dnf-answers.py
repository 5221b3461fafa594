"""Asks dnf 4 what it would install into an empty root: dnf-answers.py DIRECTORY

Each directory in DIRECTORY is a scenario: scenario.txt holds lines of a key and a value, and each repository is a
directory beside it. Prints for each one line: its name, then what would be installed as nevra@repository, or "refused".
"""

import logging
import os
import sys
import tempfile

import dnf


def read(path):
    scenario = {"repo": [], "install": [], "exclude": [], "best": "false", "weak": "false"}
    with open(os.path.join(path, "scenario.txt"), encoding="utf-8") as lines:
        for line in lines:
            key, value = line.rstrip("\n").split(" ", 1)
            if isinstance(scenario[key], list):
                scenario[key].append(value)
            else:
                scenario[key] = value
    return scenario


def answer(path, work):
    scenario = read(path)
    base = dnf.Base()
    conf = base.conf
    conf.installroot = os.path.join(work, "root")
    conf.cachedir = os.path.join(work, "cache")
    conf.persistdir = os.path.join(work, "persist")
    conf.logdir = work
    conf.reposdir = []
    conf.plugins = False
    conf.gpgcheck = False
    conf.substitutions["arch"] = "x86_64"
    conf.substitutions["basearch"] = "x86_64"
    conf.substitutions["releasever"] = "1"
    conf.best = scenario["best"] == "true"
    conf.install_weak_deps = scenario["weak"] == "true"
    # For us, packages of other architectures are no candidates.
    conf.excludepkgs = scenario["exclude"] + ["*.i686", "*.aarch64"]
    for repo in scenario["repo"]:
        name, priority = repo.split(" ")
        base.repos.add_new_repo(
            os.path.basename(path) + "-" + name, conf,
            baseurl=["file://" + os.path.join(path, name)], priority=int(priority))
    try:
        base.fill_sack(load_system_repo=True)
        for wanted in scenario["install"]:
            base.install(wanted)
        base.resolve()
        return sorted(
            "%s@%s" % (pkg, pkg.reponame[len(os.path.basename(path)) + 1:])
            for pkg in base.transaction.install_set)
    except (dnf.exceptions.DepsolveError, dnf.exceptions.MarkingError):
        return ["refused"]
    finally:
        base.close()


def main():
    logging.disable(logging.CRITICAL)
    directory = sys.argv[1]
    with tempfile.TemporaryDirectory() as work:
        for name in sorted(os.listdir(directory)):
            print(" ".join([name] + answer(os.path.join(directory, name), work)), flush=True)


main()
