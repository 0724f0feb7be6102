using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>
/// A file of answers that are given already, which is written on while a network is tested: a line of what answers, and a row an image, by
/// the hash of its content, with a sum of the row itself. What a process that was killed left half-written, or what was damaged since, is
/// passed over.
/// </summary>
internal sealed class TestJournal : IDisposable
{
    private const int Fields = 10;

    private readonly Dictionary<(string Path, string Sha256), Row> _known = [];
    private readonly StreamWriter? _writer;

    private TestJournal(StreamWriter? writer, IEnumerable<(string Sha256, Row Row)> known)
    {
        _writer = writer;
        foreach (var (sha256, row) in known)
        {
            _known.TryAdd((row.Path, sha256), row);
        }
    }

    /// <summary>Opens a file, or begins it; what another network or another version of the program left in it is not taken.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="key">What answers.</param>
    /// <exception cref="RunFolderException">It can't be written, or another process writes it.</exception>
    public static TestJournal Open(string? file, string key)
    {
        if (file is null)
        {
            return new(null, []);
        }

        FileStream? stream = null;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            stream = new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            var text = reader.ReadToEnd();
            List<(string Sha256, Row Row)> known = [.. Parsed(text, key)];
            var kept = Line([key]) + string.Concat(known.Select(row => LineOf(row.Sha256, row.Row)));

            // What is right stays where it is: a process that ends here loses nothing.
            var isThere = text.StartsWith(kept, StringComparison.Ordinal);
            stream.SetLength(isThere ? Encoding.UTF8.GetByteCount(kept) : 0);
            stream.Seek(0, SeekOrigin.End);
            var journal = new TestJournal(new StreamWriter(stream, new UTF8Encoding(false)), known);
            journal._writer!.Write(isThere ? "" : kept);
            journal._writer.Flush();
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new RunFolderException($"{file}, which keeps answers while a network is tested, can't be written: {e.Message}", e,
                FolderProblem.NotWritable);
        }
    }

    /// <summary>What is known of an image; null where nothing is.</summary>
    public Row? Find(string path, string sha256) => _known.GetValueOrDefault((path, sha256));

    /// <summary>Keeps what is known of some images.</summary>
    public void Add(IEnumerable<(string Sha256, Row Row)> rows)
    {
        foreach (var (sha256, row) in rows)
        {
            _writer?.Write(LineOf(sha256, row));
        }

        _writer?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private static string LineOf(string sha256, Row row)
    {
        string[] fields =
        [
            sha256, row.Networks.ToString(CultureInfo.InvariantCulture), row.Probability?.ToString("R", CultureInfo.InvariantCulture) ?? "",
            row.Rejection ?? "", .. AnswersCsv.FieldsOf(row.Answer),
        ];
        return Line([.. fields, SumOf(fields)]);
    }

    private static string SumOf(IEnumerable<string> fields) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', fields))));

    private static string Line(IEnumerable<string> fields) => $"{string.Join(',', fields.Select(Csv.Quote))}\n";

    private static IEnumerable<(string Sha256, Row Row)> Parsed(string text, string key)
    {
        // Behind the last whole line is what was cut off.
        using var records = Csv.Parse(text[..(text.LastIndexOf('\n') + 1)]).GetEnumerator();
        if (!Next(records) || records.Current.Fields is not [var first] || first != key)
        {
            yield break;
        }

        while (Next(records) && RowOf(records.Current.Fields) is { } row)
        {
            yield return row;
        }
    }

    private static bool Next(IEnumerator<(int Line, string[] Fields)> records)
    {
        try
        {
            return records.MoveNext();
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static (string Sha256, Row Row)? RowOf(string[] fields)
    {
        try
        {
            if (fields.Length != Fields || SumOf(fields[..^1]) != fields[^1])
            {
                return null;
            }

            double? probability = fields[2].Length == 0 ? null : double.Parse(fields[2], CultureInfo.InvariantCulture);
            var rejection = fields[3].Length == 0 ? null : fields[3];
            return (probability is null) == (rejection is null)
                ? null
                : (
                    fields[0],
                    new(int.Parse(fields[1], CultureInfo.InvariantCulture), probability, rejection, AnswersCsv.Of(fields[4..^1])));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What is known of an image: what was answered, or why nothing could be.</summary>
    /// <param name="Networks">How many networks answered together.</param>
    /// <param name="Probability">Of the positive class, in [0, 1]; null of an image that was left out.</param>
    /// <param name="Rejection">Why it was left out.</param>
    /// <param name="Answer">What else was answered; of an image that was left out, its path alone.</param>
    public sealed record Row(int Networks, double? Probability, string? Rejection, TestedModel.Answer Answer)
    {
        public string Path => Answer.Path;
    }
}
