/// The version of Martlet that this build is. Written into manifests and shown by `martlet status`.
package let codeVersion = "0.1.0"
