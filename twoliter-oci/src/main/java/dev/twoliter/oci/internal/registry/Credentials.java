package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.Environment;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.CredentialSource;
import dev.twoliter.oci.RegistryCredential;
import dev.twoliter.oci.StoreEvent;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.oci.internal.jib.CredentialHelper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the credentials of a repository where Docker and Podman keep them; only when a registry asks for some, since
 * a helper may ask the user, and only once. Thread-safe.
 */
final class Credentials {

    private static final Pattern ECR = Pattern.compile(
            "[0-9]{12}\\.dkr[.-]ecr(-fips)?\\.[a-z0-9-]+\\.(amazonaws\\.com(\\.cn)?|on\\.aws)|public\\.ecr\\.aws");
    private static final Pattern GCR = Pattern.compile("([a-z0-9-]+\\.)?gcr\\.io|[a-z0-9-]+-docker\\.pkg\\.dev");
    private static final Pattern HELPER_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private final RegistryName registry;
    private final String repository;
    private final StoreOptions options;
    private final Environment environment;
    private final List<String> tried = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean searched;
    private Optional<String> foundIn = Optional.empty();
    private Optional<RegistryCredential> found = Optional.empty();

    Credentials(RegistryName registry, String repository, StoreOptions options) {
        this.registry = registry;
        this.repository = repository;
        this.options = options;
        this.environment = options.environment();
    }

    /** Looks, and tells where. */
    synchronized Optional<RegistryCredential> find() {
        if (!searched) {
            searched = true;
            search();
            options.listener().onEvent(new StoreEvent.CredentialsResolved(registry.host(), repository, tried, foundIn));
        }
        return found;
    }

    /** {@return where was looked, in order} */
    synchronized List<String> tried() {
        return List.copyOf(tried);
    }

    /** {@return where was looked and what was found, for messages} */
    synchronized String story() {
        String problems = notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")";
        if (!searched) {
            return "it did not ask for credentials";
        }
        return foundIn.map(place -> "it was shown the credentials from " + place)
                        .orElse("no credentials were found") + ", looked for in " + String.join(", ", tried) + problems;
    }

    /** {@return what the user can do} */
    synchronized String hint() {
        if (foundIn.isEmpty() && ECR.matcher(registry.host()).matches()) {
            return "Install docker-credential-ecr-login, or log in with 'aws ecr get-login-password'.";
        }
        return "Log in with 'docker login " + registry.host() + "', or ask for access to the repository.";
    }

    private void search() {
        for (Map.Entry<String, CredentialSource> source :
                options.credentialSources().entrySet()) {
            if (take(source.getKey(), source.getValue().find(registry.host(), repository))) {
                return;
            }
        }
        for (Map.Entry<String, Path> file : files().entrySet()) {
            if (search(file.getKey(), file.getValue())) {
                return;
            }
        }
        String helper = wellKnownHelper();
        if (!helper.isEmpty()) {
            String name = "docker-credential-" + helper;
            tried.add(name);
            ask(helper, registry.serverForHelpers()).ifPresent(credential -> use(name, credential));
        }
    }

    private boolean take(String place, Optional<RegistryCredential> credential) {
        tried.add(place);
        credential.ifPresent(value -> use(place, value));
        return credential.isPresent();
    }

    private void use(String place, RegistryCredential credential) {
        found = Optional.of(credential);
        foundIn = Optional.of(place);
    }

    /** The files, in the order of Docker and of containers-auth.json(5), by their names for messages. */
    private Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        put(files, "$REGISTRY_AUTH_FILE", environment.variable("REGISTRY_AUTH_FILE"), "");
        put(files, "$DOCKER_CONFIG/config.json", environment.variable("DOCKER_CONFIG"), "config.json");
        put(
                files,
                "$XDG_RUNTIME_DIR/containers/auth.json",
                environment.variable("XDG_RUNTIME_DIR"),
                "containers/auth.json");
        String home = environment.variable("HOME").orElseGet(() -> System.getProperty("user.home", "."));
        Optional<String> config = environment.variable("XDG_CONFIG_HOME");
        if (config.isPresent()) {
            put(files, "$XDG_CONFIG_HOME/containers/auth.json", config, "containers/auth.json");
        } else {
            put(files, "~/.config/containers/auth.json", Optional.of(home), ".config/containers/auth.json");
        }
        if (environment.variable("DOCKER_CONFIG").isEmpty()) {
            put(files, "~/.docker/config.json", Optional.of(home), ".docker/config.json");
        }
        return files;
    }

    private void put(Map<String, Path> files, String name, Optional<String> directory, String below) {
        try {
            directory.map(Path::of).ifPresent(path -> files.put(name, path.resolve(below)));
        } catch (InvalidPathException e) {
            notes.add(name + " is no path");
        }
    }

    private boolean search(String place, Path file) {
        tried.add(place);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            for (DockerConfig.Entry entry : DockerConfig.read(file).entries(registry, repository)) {
                if (entry.credential().isPresent()) {
                    use(place, entry.credential().get());
                    return true;
                }
                Optional<RegistryCredential> credential = ask(entry.helper(), entry.server());
                if (credential.isPresent()) {
                    use(place + " (docker-credential-" + entry.helper() + ")", credential.get());
                    return true;
                }
            }
        } catch (IOException e) {
            notes.add(place + " cannot be read: " + Failures.reason(e));
        } catch (FormatException e) {
            notes.add(String.valueOf(e.getMessage()));
        }
        return false;
    }

    private String wellKnownHelper() {
        if (ECR.matcher(registry.host()).matches()) {
            return "ecr-login";
        }
        return GCR.matcher(registry.host()).matches() ? "gcr" : "";
    }

    private Optional<RegistryCredential> ask(String helper, String server) {
        String name = "docker-credential-" + helper;
        Path program = HELPER_NAME.matcher(helper).matches() ? onPath(name) : null;
        if (program == null) {
            notes.add(name + " is not on the PATH");
            return Optional.empty();
        }
        try {
            Optional<RegistryCredential> answer = CredentialHelper.ask(program, server, environment.variables());
            if (answer.isEmpty()) {
                notes.add(name + " knows none for " + server);
            }
            return answer;
        } catch (IOException e) {
            notes.add(name + " failed: " + Failures.reason(e));
            return Optional.empty();
        }
    }

    private @Nullable Path onPath(String program) {
        for (String directory : environment.variable("PATH").orElse("").split(File.pathSeparator)) {
            if (!directory.isEmpty()) {
                Path candidate = Path.of(directory, program);
                if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }
}
