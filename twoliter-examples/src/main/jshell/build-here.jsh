// Locks the project here, shows the plan of its first variant, and builds it for x86_64.
var project = here()
project.updateLock().write()
var variant = project.spec().variants().get(0).name()
var plan = project.plan(b -> b.variant(variant).arch(X86_64))
plan.steps().forEach(s -> System.out.println((s.upToDate() ? "  " : "* ") + s.id()))
var built = plan.run(run -> run.listener(console()))
built.images().forEach(image -> System.out.println(image.sha256() + "  " + image.path().getFileName()))
/exit
