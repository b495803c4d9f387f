/// A Python program that sends real packets between network namespaces and tells as JSON which of them arrived. Its
/// argument is JSON:
///
/// - `spaces`: the network namespace of each party, by the party's name.
/// - `ports`: at each of them every party answers over tcp and udp.
/// - `probes`: `[number, from, source, destination, protocol, port, isAwaited, isAnswered]`. The number is the port that
///   it is sent from, or the id of an echo request: it tells it from all others. For what is awaited (and answered) the
///   program waits as long as `patience` seconds, sending it again; for what is not only until all is quiet.
///
/// The answer is `{number: [party, port, isAnswered]}` of those that arrived; the port is null for echo requests.
enum ArrivalScript {
  static let text = #"""
    import ctypes, json, os, resource, select, socket, struct, sys, time
    libc = ctypes.CDLL(None, use_errno=True)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65536) if most > 0 else 65536, most))
    job = json.loads(sys.argv[1])
    places = {party: os.open("/run/netns/" + space, os.O_RDONLY) for party, space in job["spaces"].items()}

    def enter(party):
        if libc.setns(places[party], 0x40000000) != 0: raise OSError(ctypes.get_errno(), "setns")

    def family(address): return socket.AF_INET6 if ":" in address else socket.AF_INET

    def opened(*kind):
        s = socket.socket(*kind); s.setblocking(False); return s

    def client(source, *kind):
        s = opened(family(source), *kind)
        # IP_TRANSPARENT, IPV6_TRANSPARENT: one may send from an address that is another's.
        if family(source) == socket.AF_INET: s.setsockopt(socket.IPPROTO_IP, 19, 1)
        else: s.setsockopt(socket.IPPROTO_IPV6, 75, 1)
        return s

    def listener(kind, port):
        s = opened(socket.AF_INET6, kind)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # Answers have to come from the address that was asked.
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        s.bind(("::", port))
        if kind == socket.SOCK_STREAM: s.listen(4096)
        return s

    def checksum(data):
        total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
        while total >> 16: total = (total & 0xffff) + (total >> 16)
        return ~total & 0xffff

    poll, handlers, seen, answered = select.poll(), {}, {}, set()
    last = time.monotonic()

    def watch(s, event, handler):
        handlers[s.fileno()] = (s, handler); poll.register(s.fileno(), event)

    def see(number, party, port):
        global last
        if number in probes: seen.setdefault(number, (party, port)); last = time.monotonic()

    def answer(number):
        global last
        if number in probes: answered.add(number); last = time.monotonic()

    def datagram(s, party, port):
        data, control, _, sender = s.recvmsg(64, 256)
        if len(data) != 4: return
        see(struct.unpack("!I", data)[0], party, port)
        s.sendmsg([data + b"!"], [c for c in control if c[1] == socket.IPV6_PKTINFO], 0, sender)

    def segment(s, party, is_v6):
        data = s.recv(2048)
        if not is_v6: data = data[(data[0] & 15) * 4:]
        source, port, _, _, _, flags = struct.unpack("!HHIIBB", data[:14])
        # SYN without ACK.
        if flags & 0x12 == 0x02: see(source, party, port)

    def message(s, party, is_v6):
        data = s.recv(2048)
        if not is_v6: data = data[(data[0] & 15) * 4:]
        if len(data) < 8: return
        kind, _, _, number = struct.unpack("!BBHH", data[:6])
        if kind == (128 if is_v6 else 8): see(number, party, None)
        if kind == (129 if is_v6 else 0) and number in probes and probes[number][0] == party: answer(number)

    def send(number):
        party, source, destination, protocol, port = probes[number][:5]
        try:
            if protocol == "tcp":
                # The kernel sends a segment again by itself.
                if number in clients: return
                s = clients[number] = client(source, socket.SOCK_STREAM)
                s.bind((source, number))
                s.connect_ex((destination, port))
                def connected(s):
                    if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0: answer(number)
                    poll.unregister(s.fileno())
                watch(s, select.POLLOUT, connected)
            elif protocol == "udp":
                if number not in clients:
                    s = clients[number] = client(source, socket.SOCK_DGRAM)
                    s.bind((source, number))
                    def received(s):
                        if s.recv(64)[4:] == b"!": answer(number)
                    watch(s, select.POLLIN, received)
                clients[number].sendto(struct.pack("!I", number), (destination, port))
            else:
                is_v6 = family(source) == socket.AF_INET6
                with client(source, socket.SOCK_RAW, 58 if is_v6 else 1) as s:
                    s.bind((source, 0))
                    packet = struct.pack("!BBHHH", 128 if is_v6 else 8, 0, 0, number, 1)
                    if not is_v6: packet = struct.pack("!BBHHH", 8, 0, checksum(packet), number, 1)
                    s.sendto(packet, (destination, 0))
        except OSError:
            # No way leads there.
            pass

    def send_all(numbers):
        by_party = {}
        for number in numbers: by_party.setdefault(probes[number][0], []).append(number)
        for party, own in by_party.items():
            enter(party)
            for place, number in enumerate(own):
                send(number)
                if place % 40 == 39: turn(0)

    def turn(milliseconds):
        for fd, _ in poll.poll(milliseconds):
            s, handler = handlers[fd]
            try: handler(s)
            except OSError: pass

    probes = {probe[0]: probe[1:] for probe in job["probes"]}
    clients = {}
    for party in places:
        enter(party)
        for port in job["ports"]:
            watch(listener(socket.SOCK_DGRAM, port), select.POLLIN, lambda s, p=party, n=port: datagram(s, p, n))
            clients[(party, port)] = listener(socket.SOCK_STREAM, port)
        for kind, is_v6 in ((socket.AF_INET, False), (socket.AF_INET6, True)):
            watch(opened(kind, socket.SOCK_RAW, 6), select.POLLIN, lambda s, p=party, v=is_v6: segment(s, p, v))
            watch(opened(kind, socket.SOCK_RAW, 58 if is_v6 else 1), select.POLLIN,
                  lambda s, p=party, v=is_v6: message(s, p, v))
    send_all(list(probes))
    end, again = time.monotonic() + job["patience"], time.monotonic() + 1
    while time.monotonic() < end:
        turn(20)
        missing = [n for n, p in probes.items() if p[5] and n not in seen or p[6] and n not in answered]
        now = time.monotonic()
        if not missing and now - last > 0.2: break
        if missing and now > again:
            again = now + 1
            send_all(missing)
    print(json.dumps({n: [party, port, n in answered] for n, (party, port) in seen.items()}))
    """#
}
