/// A manifest with every key of every section.
let everyKey = """
  name: shop
  kernels:
    mainline: {source: git, url: /src/linux, ref: v6.12, config: [kernel/extra.config]}
    usual: {source: distribution}
    given: {source: file, path: ./bzImage}
  bridges:
    lan:
      subnet: 10.0.10.0/24
      subnet6: fd00:10::/64
      policy_type: nat
      allowed_ports: [22, 53/udp, 8000-8010/tcp]
      allowed_ips: [192.168.100.0/24, "fd00:99::1"]
      allow_icmp: false
      peers: isolated
      dns: true
      mtu: 9000
    outer: {auto_create: false}
  flows:
    - {from: web, to: db, ports: [5432, 53/udp]}
    - {from: world, to: "bridge:lan"}
    - {from: 10.9.0.0/16, to: host, ports: 80}
  forwards:
    - {host: 8080, to: web, port: 80, proto: udp, address: 127.0.0.1}
    - {host: 443, to: web}
  expect:
    - {from: web, to: db, port: 5432, verdict: allow}
    - {from: db, to: world, verdict: deny}
  defaults: {memory: 1G, user: {name: debian, keys: [ssh-ed25519 AAAA me]}}
  virtual_machines:
    web:
      distribution: ubuntu
      release: noble
      mirror: http://example.org/ubuntu
      components: [main, universe]
      sources: ["deb http://example.org/x noble main"]
      mirror_keys: keys/mirror.asc
      arch: aarch64
      packages: [nginx, curl]
      hooks_network: true
      boot: kernel
      kernel: mainline
      cmdline: "quiet splash"
      memory: 768
      cpus: 4
      kvm: false
      display: vnc
      build_free_mb: 100
      disk_size: 4G
      networks:
        - label: tap_web_01
          bridge: lan
          ip_addr: [10.0.10.21, "fd00:10::21/64"]
          mac: 52:54:00:00:00:01
          model: e1000
          gateway: [10.0.10.22, "fd00:10::1"]
          nameserver: 9.9.9.9
          allowed_sources: [0.0.0.0/0]
      disks:
        - {label: web-data, size: 10G, fs_type: xfs, mount_point: /srv/data/, format: raw}
        - {label: blank, size: 1G, fs_type: none}
      limits: {cpu: 150%, memory: 1G, io: 100M}
      ready: {console: "login:", timeout: 5m}
      depends_on: [db]
      on_image_change: keep
      protect: true
      qemu_args: ["-device virtio-rng-pci", "-name 'a b'"]
    db:
      networks: [{bridge: lan, ip_addr: 10.0.10.22, gateway: none}, {bridge: outer, ip_addr: 10.8.0.2/24}]
      kernel: kernels/bzImage
      ready: {tcp: 5432}
    clone: {use: base.qcow2, boot: efi, display: true, ready: none, disk_size: 8G}
  """
