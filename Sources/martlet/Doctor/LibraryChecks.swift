import Foundation
import Glibc

/// The system libraries in this process, asked for their versions by name: each is imported by one module only, which
/// has no other reason to tell it.
enum LibraryChecks {
    static func findings() -> [Finding] {
        [zeroMQ(), protobuf(), openBLAS(), openSSL(), sqlite(), zlib(), png(), jpeg()]
    }

    private typealias NoArguments = @convention(c) () -> UnsafePointer<CChar>?

    static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
        // RTLD_DEFAULT: all that is loaded, in the order it was.
        dlsym(nil, name).map { unsafeBitCast($0, to: type) }
    }

    private static func text(_ name: String) -> String? {
        function(name, as: NoArguments.self)?().map { String(cString: $0) }
    }

    private static func library(_ name: String, version: String?, package: String) -> Finding {
        guard let version else {
            return .broken(name, "not found", remedy: "apt-get install \(package), or run scripts/setup")
        }
        return .ok(name, version)
    }

    private static func zeroMQ() -> Finding {
        typealias Version =
            @convention(c) (
                UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
            ) -> Void
        typealias Has = @convention(c) (UnsafePointer<CChar>) -> Int32
        guard let version = function("zmq_version", as: Version.self), let has = function("zmq_has", as: Has.self)
        else { return library("libzmq", version: nil, package: "libzmq3-dev") }
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        version(&major, &minor, &patch)
        guard has("curve") == 1 else {
            return .broken(
                "libzmq", "\(major).\(minor).\(patch) without CURVE, so nodes cannot authenticate each other",
                remedy: "install a libzmq that was built with libsodium, such as the distribution's libzmq3-dev")
        }
        return .ok("libzmq", "\(major).\(minor).\(patch) with CURVE")
    }

    private static func protobuf() -> Finding {
        library("protobuf-c", version: text("protobuf_c_version"), package: "libprotobuf-c-dev")
    }

    private static func openBLAS() -> Finding {
        let core = text("openblas_get_corename").map { ", kernels for \($0)" } ?? ""
        let version = text("openblas_get_config").map { $0.trimmingCharacters(in: .whitespaces) + core }
        return library("OpenBLAS", version: version, package: "libopenblas-dev")
    }

    private static func openSSL() -> Finding {
        typealias Version = @convention(c) (Int32) -> UnsafePointer<CChar>?
        let version = function("OpenSSL_version", as: Version.self)?(0).map { String(cString: $0) }
        return library("OpenSSL", version: version, package: "libssl-dev")
    }

    private static func sqlite() -> Finding {
        library("SQLite", version: text("sqlite3_libversion"), package: "libsqlite3-dev")
    }

    private static func zlib() -> Finding {
        library("zlib", version: text("zlibVersion"), package: "zlib1g-dev")
    }

    private static func png() -> Finding {
        typealias Number = @convention(c) () -> UInt32
        // 10643 is 1.6.43.
        let version = function("png_access_version_number", as: Number.self).map { number in
            "\(number() / 10_000).\(number() / 100 % 100).\(number() % 100)"
        }
        return library("libpng", version: version, package: "libpng-dev")
    }

    /// It has no function that tells its version.
    private static func jpeg() -> Finding {
        let isThere = function("jpeg_std_error", as: UnsafeRawPointer.self) != nil
        return library("libjpeg", version: isThere ? "present" : nil, package: "libjpeg-dev")
    }
}
