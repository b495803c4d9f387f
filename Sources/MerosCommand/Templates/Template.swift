import ArgumentParser

/// What `new` begins a constellation with.
enum Template: String, CaseIterable, ExpressibleByArgument {
  /// One machine that reaches the outside.
  case single
  /// A machine that the world reaches, and one behind it that only the first reaches.
  case pair

  /// The manifest.
  /// - Parameter network: the first three numbers of an IPv4 subnet and the one after it: "10.71.2".
  func manifest(_ network: TemplateNetwork) -> String {
    "\(Self.heading)\(body(network))"
  }

  private static let heading = """
    # yaml-language-server: $schema=constellation.schema.json
    #
    # Files of common/includes.chroot go into every machine's image, those of MACHINE/includes.chroot over them;
    # common/hooks/NNNN-*.chroot and MACHINE/hooks/NNNN-*.chroot are programs that run in the image while it is built.

    """

  private func body(_ network: TemplateNetwork) -> String {
    switch self {
    case .single:
      """

      bridges:
        lan:
          subnet: \(network.first).1/24      # the host's address here; machines have others of it
          policy_type: host-access     # outside by NAT, and of the host the ports that are listed
          allowed_ports: []

      virtual_machines:
        machine:
          distribution: debian
          release: bookworm
          packages: []                 # for example [nginx, curl]
          memory: 512M
          cpus: 1
          networks:
            - {bridge: lan, ip_addr: \(network.first).11}

      """
    case .pair:
      """

      bridges:
        front:
          subnet: \(network.first).1/24
          policy_type: host-access     # outside by NAT, and of the host the ports that are listed
          allowed_ports: []
        back:
          subnet: \(network.second).1/24
          policy_type: isolated        # nothing but what flows say

      flows:
        - {from: web, to: db, ports: [5432]}

      forwards:
        - {host: 8080, to: web, port: 80}

      expect:                          # proven whenever this file is read
        - {from: web, to: db, port: 5432, verdict: allow}
        - {from: world, to: db, verdict: deny}
        - {from: db, to: world, verdict: deny}

      defaults:
        distribution: debian
        release: bookworm
        memory: 512M

      virtual_machines:
        web:
          packages: []                 # for example [nginx]
          networks:
            - {bridge: front, ip_addr: \(network.first).11}
          depends_on: [db]             # started once db answers
        db:
          packages: []                 # for example [postgresql]
          networks:
            - {bridge: back, ip_addr: \(network.second).11}

      """
    }
  }
}
