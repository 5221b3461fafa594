package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which variables of the caller's environment a task gets, and which may not be set (project-formats.md 6.2). */
final class ExecVariables {

    private static final List<String> PREFIXES =
            List.of("BUILDSYS_", "PUBLISH_", "REPO_", "TESTSYS_", "BOOT_CONFIG", "AWS_");

    private static final Set<String> NAMES = Set.of(
            "ALLOW_MISSING_KEY",
            "AMI_DATA_FILE_SUFFIX",
            "SSM_DATA_FILE_SUFFIX",
            "CARGO_MAKE_CARGO_ARGS",
            "CARGO_MAKE_CARGO_LIMIT_JOBS",
            "CARGO_MAKE_DEFAULT_TESTSYS_KUBECONFIG_PATH",
            "CARGO_MAKE_TESTSYS_ARGS",
            "CARGO_MAKE_TESTSYS_KUBECONFIG_ARG",
            "GO_MODULES",
            "GOPROXY",
            "GONOPROXY",
            "GOPRIVATE",
            "GOSUMDB",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "MARK_OVA_AS_TEMPLATE",
            "RELEASE_START_TIME",
            "VMWARE_IMPORT_SPEC_PATH",
            "VMWARE_VM_NAME_DEFAULT");

    private static final Set<String> REFUSED =
            Set.of("BUILDSYS_SDK_NAME", "BUILDSYS_SDK_VERSION", "BUILDSYS_REGISTRY", "BUILDSYS_OUTPUT_GENERATION_ID");

    private ExecVariables() {}

    /** {@return the variables to pass on, sorted} */
    static Map<String, String> passedOn(Environment environment) {
        TreeMap<String, String> passed = new TreeMap<>();
        environment.variables().forEach((name, value) -> {
            requireAllowed(name);
            if (NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith)) {
                passed.put(name, value);
            }
        });
        return passed;
    }

    /** Refuses a variable that would contradict the lock. */
    static void requireAllowed(String name) {
        if (REFUSED.contains(name)) {
            throw new EngineException(
                    "the variable " + name + " may not be set",
                    "The SDK is what Twoliter.toml and Twoliter.lock say: change it there, and unset the variable.",
                    null);
        }
    }
}
