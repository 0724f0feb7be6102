using System.Security.Cryptography;
using System.Text;

namespace CovidCt.Records;

public sealed partial record StudyLayout
{
    /// <summary>
    /// What the folder of a study or run consists of: a list of its files with their SHA-256 sums, which <c>sha256sum -c</c> reads too. Its
    /// last line is the sum of those above it.
    /// </summary>
    /// <remarks>
    /// A file is taken out of the list before it is written anew, and listed once it is whole: one that is there and not listed was left by
    /// a process that was killed, and counts as not there. A folder without a list is older than lists, and nothing in it can be checked.
    /// </remarks>
    public sealed class FileSums
    {
        /// <summary>The name of the list.</summary>
        public const string FileName = "covidct.sha256";

        private const string Separator = "  ", Own = "# ";
        private const int Digits = 2 * SHA256.HashSizeInBytes;
        private const string LockName = $".{FileName}.lock{AtomicFile.Ending}"; // Swept as what a killed process was writing.

        private readonly string _root;
        private readonly Lazy<SortedDictionary<string, string>?> _listed;

        internal FileSums(string root)
        {
            _root = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(root));
            _listed = new(Read);
        }

        /// <summary>The full path of the list.</summary>
        public string Path => System.IO.Path.Combine(_root, FileName);

        /// <summary>Whether there is a list; a folder that is older than lists has none.</summary>
        public bool IsThere => File.Exists(Path);

        /// <summary>What to say of a folder without a list.</summary>
        public string Unchecked => $"{Path} is not there: nothing tells whether a file beside it was changed since it was written.";

        /// <summary>The full paths of the files that are listed; none without a list.</summary>
        /// <exception cref="RunFolderException">The list is damaged.</exception>
        public IEnumerable<string> Listed =>
            (_listed.Value?.Keys ?? Enumerable.Empty<string>()).Select(name => System.IO.Path.Combine(_root, name));

        /// <summary>The files below a folder that are there or listed, looked for each time that they are asked for.</summary>
        internal IEnumerable<string> FilesIn(string folder)
        {
            var within = System.IO.Path.GetFullPath(folder) + System.IO.Path.DirectorySeparatorChar;
            var there = Directory.Exists(folder) ? Directory.EnumerateFiles(within, "*", SearchOption.AllDirectories) : [];
            foreach (var file in there.Union(Listed.Where(file => file.StartsWith(within, StringComparison.Ordinal))))
            {
                yield return file;
            }
        }

        /// <summary>Whether a file is there, and listed where there is a list.</summary>
        /// <param name="file">Its path.</param>
        /// <exception cref="RunFolderException">The list is damaged.</exception>
        public bool Has(string file) => File.Exists(file) && _listed.Value?.ContainsKey(NameOf(file)) != false;

        /// <summary>
        /// What is wrong with a file, as a sentence: that its sum is another than the listed one, that it is there and not listed, or
        /// listed and not there. Null where nothing is, and of every file where there is no list.
        /// </summary>
        /// <param name="file">Its path.</param>
        /// <exception cref="RunFolderException">The list is damaged.</exception>
        /// <exception cref="IOException">The file can't be read.</exception>
        public string? Fault(string file) => (_listed.Value, File.Exists(file)) switch
        {
            (null, _) => null,
            (var listed, false) => listed.ContainsKey(NameOf(file)) ? $"{file} isn't there, though {FileName} lists it." : null,
            (var listed, true) => !listed.TryGetValue(NameOf(file), out var sum)
                ? $"{file} is not listed in {FileName}: it was put there, or left by a process that was killed."
                : sum != FileHash.Sha256(file)
                ? $"{file} was changed or damaged since it was written: its SHA-256 is not the one in {FileName}."
                : null,
        };

        /// <summary>Makes sure that a file is what was written; without a list, it may be anything.</summary>
        /// <param name="file">Its path.</param>
        /// <exception cref="RunFolderException">It is not; the message says what to do.</exception>
        /// <exception cref="IOException">The file can't be read.</exception>
        public void Check(string file)
        {
            if (Fault(file) is { } fault)
            {
                throw new RunFolderException(
                    $"{fault} Delete it and go on with the study, which makes it again; or put it back from a copy.");
            }
        }

        /// <summary>Writes files, and lists them once they are there. Without a list, they are written alone.</summary>
        /// <param name="write">Writes them. Where it fails, they are no longer listed.</param>
        /// <param name="files">
        /// Their paths, which are asked for before and after; those outside the folder, and those that are not there, are passed over.
        /// </param>
        /// <exception cref="RunFolderException">The list is damaged.</exception>
        /// <exception cref="IOException">A file, or the list, can't be written.</exception>
        public void Write(Action write, params IEnumerable<string> files)
        {
            ArgumentNullException.ThrowIfNull(write);
            ArgumentNullException.ThrowIfNull(files);
            if (!IsThere)
            {
                write();
                return;
            }

            Change(files, isWritten: false);
            write();
            Change(files, isWritten: true);
        }

        /// <summary>Makes a list where there is none.</summary>
        /// <param name="files">What it lists: those of them that are there.</param>
        /// <returns>Whether it made one that lists anything: of a folder which is older than lists.</returns>
        /// <exception cref="IOException">The list can't be written.</exception>
        internal bool Begin(params IEnumerable<string> files)
        {
            if (IsThere)
            {
                return false;
            }

            SortedDictionary<string, string> sums = new(StringComparer.Ordinal);
            foreach (var file in files.Where(File.Exists))
            {
                sums[NameOf(file)] = FileHash.Sha256(file);
            }

            Write(sums);
            return sums.Count > 0;
        }

        private string NameOf(string file) =>
            System.IO.Path.GetRelativePath(_root, System.IO.Path.GetFullPath(file)).Replace(System.IO.Path.DirectorySeparatorChar, '/');

        private void Change(IEnumerable<string> files, bool isWritten)
        {
            // Hashed before the list is held, which others may wait for.
            List<(string Name, string? Sum)> changes =
            [
                .. files.Select(file => (Name: NameOf(file), File: file))
                    .Where(entry => !entry.Name.StartsWith("..", StringComparison.Ordinal))
                    .Select(entry => (entry.Name, isWritten && File.Exists(entry.File) ? FileHash.Sha256(entry.File) : null)),
            ];
            using var held = Hold();
            var sums = Read() ?? new(StringComparer.Ordinal);
            if (!isWritten && !changes.Exists(change => sums.ContainsKey(change.Name)))
            {
                return;
            }

            foreach (var (name, sum) in changes)
            {
                sums.Remove(name);
                if (sum is not null)
                {
                    sums[name] = sum;
                }
            }

            Write(sums);
        }

        /// <summary>Commands that change one list at once wait for each other.</summary>
        private FileStream Hold()
        {
            while (true)
            {
                try
                {
                    return new(
                        System.IO.Path.Combine(_root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                        FileOptions.DeleteOnClose);
                }
                catch (IOException e) when (FileLock.IsHeldByAnother(e))
                {
                    Thread.Sleep(FileLock.Poll);
                }
            }
        }

        private void Write(SortedDictionary<string, string> sums)
        {
            var lines = string.Concat(sums.Select(entry => $"{entry.Value}{Separator}{entry.Key}\n"));
            AtomicFile.WriteAllText(Path, $"{lines}{Own}{SumOf(lines)}\n");
        }

        private SortedDictionary<string, string>? Read()
        {
            string text;
            try
            {
                text = File.ReadAllText(Path);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }

            var end = text.LastIndexOf(Own, StringComparison.Ordinal);
            if (end < 0 || text[end..] != $"{Own}{SumOf(text[..end])}\n")
            {
                throw new RunFolderException(
                    $"{Path} is damaged, and nothing beside it can be checked without. Put it back from a copy, or delete it: without it, "
                    + "what is there is believed, with a warning.");
            }

            return new(
                text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .ToDictionary(line => line[(Digits + Separator.Length)..], line => line[..Digits]),
                StringComparer.Ordinal);
        }

        private static string SumOf(string lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
    }
}
