import Glibc

/// The time of day as RFC 3339 writes it, in UTC: `2026-11-22T20:35:26.123456Z`.
package func timestamp() -> String {
  var now = timespec()
  var parts = unsafe tm()
  guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0, unsafe gmtime_r(&now.tv_sec, &parts) != nil else { return "" }
  func padded(_ number: Int32, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  let day = unsafe "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
  let time = unsafe "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
  return "\(day)T\(time).\(padded(Int32(now.tv_nsec / 1000), 6))Z"
}
