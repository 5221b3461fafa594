package dev.twoliter.oci;

import java.util.Optional;

/** Knows credentials, beside the places where Docker and Podman keep them. Must be thread-safe. */
@FunctionalInterface
public interface CredentialSource {

    /**
     * Looks for credentials; called when a registry asks for some, and once for each repository.
     *
     * @param registry the registry's host, with its port if it was given
     * @param repository the repository's full name there
     * @return the credentials; empty to let others be asked
     */
    Optional<RegistryCredential> find(String registry, String repository);
}
