/// A Python program that sends real packets between namespaces and tells as JSON what arrived. Its argument is JSON:
///
/// - `spaces`: names of network namespaces, each with every listener of `ports` in it.
/// - `probes`: `[from, address, protocol, port]`; the answer is a list of what the other side saw as the sender's
///   address (`"yes"` for tcp and icmp), or null where nothing came back.
/// - `frames`: `{from, device, to, receiver, frames: {name: hex}}`; the answer names the frames that `receiver` saw.
enum PacketScript {
  static let text = #"""
    import ctypes, json, os, select, socket, struct, sys, time
    libc = ctypes.CDLL(None, use_errno=True)

    def within(space, make):
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open("/run/netns/" + space, os.O_RDONLY)
        try:
            if libc.setns(there, 0x40000000) != 0: raise OSError(ctypes.get_errno(), "setns")
            return make()
        finally:
            if libc.setns(home, 0x40000000) != 0: os._exit(3)
            os.close(home); os.close(there)

    def family(address): return socket.AF_INET6 if ":" in address else socket.AF_INET

    def checksum(data):
        total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
        while total >> 16: total = (total & 0xffff) + (total >> 16)
        return ~total & 0xffff

    def listener(kind, port):
        s = socket.socket(socket.AF_INET6, kind)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kind == socket.SOCK_DGRAM:
            # Answers have to come from the address that was asked.
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        s.bind(("::", port))
        if kind == socket.SOCK_STREAM: s.listen(1024)
        s.setblocking(False)
        return s

    def prober(number, address, protocol, port):
        f = family(address)
        if protocol == "tcp":
            s = socket.socket(f, socket.SOCK_STREAM); s.setblocking(False); s.connect_ex((address, port))
        elif protocol == "udp":
            s = socket.socket(f, socket.SOCK_DGRAM); s.setblocking(False)
            try: s.connect((address, port)); s.send(b"ping")
            except OSError: pass
        else:
            v6 = f == socket.AF_INET6
            s = socket.socket(f, socket.SOCK_RAW, 58 if v6 else 1); s.setblocking(False)
            packet = struct.pack("!BBHHH", 128 if v6 else 8, 0, 0, 0x4d52, number)
            if not v6: packet = struct.pack("!BBHHH", 8, 0, checksum(packet), 0x4d52, number)
            try: s.sendto(packet, (address, 0))
            except OSError: pass
        return s

    def probes(job):
        streams, datagrams = {}, {}
        for space in job["spaces"]:
            for port in job["ports"]:
                s = within(space, lambda: listener(socket.SOCK_STREAM, port)); streams[s.fileno()] = s
                s = within(space, lambda: listener(socket.SOCK_DGRAM, port)); datagrams[s.fileno()] = s
        results = [None] * len(job["probes"])
        open_probes, poll = {}, select.poll()
        for fd in list(streams) + list(datagrams): poll.register(fd, select.POLLIN)
        for number, (space, address, protocol, port) in enumerate(job["probes"]):
            s = within(space, lambda: prober(number, address, protocol, port))
            open_probes[s.fileno()] = (number, s, protocol, address)
            poll.register(s.fileno(), select.POLLOUT if protocol == "tcp" else select.POLLIN)
        end = time.monotonic() + job.get("seconds", 1.0)
        while open_probes and time.monotonic() < end:
            for fd, event in poll.poll(50):
                if fd in streams:
                    try: streams[fd].accept()[0].close()
                    except OSError: pass
                elif fd in datagrams:
                    s = datagrams[fd]
                    try: data, control, _, sender = s.recvmsg(64, 256)
                    except OSError: continue
                    seen = sender[0].removeprefix("::ffff:").split("%")[0]
                    try: s.sendmsg([seen.encode()], [c for c in control if c[1] == socket.IPV6_PKTINFO], 0, sender)
                    except OSError: pass
                elif fd in open_probes:
                    number, s, protocol, address = open_probes[fd]
                    done = True
                    if protocol == "tcp":
                        if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0: results[number] = "yes"
                    elif protocol == "udp":
                        try: results[number] = s.recv(64).decode()
                        except OSError: pass
                    else:
                        done = False
                        try: data, sender = s.recvfrom(2048)
                        except OSError: continue
                        if family(address) == socket.AF_INET: data = data[(data[0] & 15) * 4:]
                        kind, _, _, ident, seq = struct.unpack("!BBHHH", data[:8])
                        if kind in (0, 129) and ident == 0x4d52 and seq == number:
                            results[number] = "yes"; done = True
                    if done:
                        poll.unregister(fd); s.close(); del open_probes[fd]
        return results

    def frames(job):
        def receiver():
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            s.bind((job["receiver"], 3)); s.setblocking(False)
            # With PACKET_AUXDATA a VLAN tag that was taken off is still told.
            s.setsockopt(263, 8, 1)
            return s
        def sender():
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind((job["device"], 0)); return s
        r, s = within(job["to"], receiver), within(job["from"], sender)
        for frame in job["frames"].values(): s.send(bytes.fromhex(frame))
        seen, end = set(), time.monotonic() + 0.3
        tokens = {name: bytes.fromhex(frame)[14:] for name, frame in job["frames"].items()}
        while time.monotonic() < end:
            ready, _, _ = select.select([r], [], [], 0.05)
            if not ready: continue
            data = r.recv(4096)
            for name, token in tokens.items():
                if token in data or (len(token) > 8 and token[4:] in data): seen.add(name)
        return sorted(seen)

    job = json.loads(sys.argv[1])
    print(json.dumps(frames(job) if "frames" in job else probes(job)))
    """#
}
