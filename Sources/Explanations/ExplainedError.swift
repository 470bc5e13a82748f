/// An error of a library that its user has put into words: what libraries say of themselves names their own types and
/// functions, which help nobody who runs a program.
///
/// A module that uses a library conforms the library's errors to this; `Error.explanation` finds them wherever they
/// come out.
package protocol ExplainedError: Error {
    /// One line: what went wrong, without the library's names.
    var words: String { get }
}
