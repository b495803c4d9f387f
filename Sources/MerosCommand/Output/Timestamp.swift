import Glibc

/// A second since 1970 as RFC 3339 writes it, in UTC: `2026-11-22T20:35:26Z`.
func timestamp(ofSecond second: Int64) -> String {
  var time = time_t(second)
  var parts = unsafe tm()
  guard unsafe gmtime_r(&time, &parts) != nil else { return "" }
  return unsafe "\(day(parts))T\(clock(parts))Z"
}

/// In seconds since 1970.
func currentSecond() -> Int64 { Int64(time(nil)) }

/// The time of day as RFC 3339 writes it, in UTC: `2026-11-22T20:35:26.123456Z`.
package func timestamp() -> String {
  var now = timespec()
  var parts = unsafe tm()
  guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0, unsafe gmtime_r(&now.tv_sec, &parts) != nil else { return "" }
  return unsafe "\(day(parts))T\(clock(parts)).\(padded(Int32(now.tv_nsec / 1000), 6))Z"
}

private func day(_ parts: tm) -> String {
  unsafe "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
}

private func clock(_ parts: tm) -> String {
  unsafe "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
}

private func padded(_ number: Int32, _ width: Int) -> String {
  let digits = "\(number)"
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
