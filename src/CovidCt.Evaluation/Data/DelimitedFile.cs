using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace CovidCt.Data;

/// <summary>
/// A table that another program wrote: fields with commas, semicolons or tabs between them, whichever makes most of the first record,
/// which names the columns. Text is UTF-8, or what a byte order mark says.
/// </summary>
internal sealed class DelimitedFile
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    private readonly string _text;

    private DelimitedFile(string path, string text, string sha256)
    {
        (Path, _text, Sha256) = (path, text, sha256);
        (Delimiter, Header) = Delimiters.Select(delimiter => (delimiter, HeaderOf(delimiter))).MaxBy(candidate => candidate.Item2.Length);
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>The SHA-256 of the file, in hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>How many characters there are.</summary>
    public int Length => _text.Length;

    /// <summary>What stands between fields.</summary>
    public char Delimiter { get; }

    /// <summary>The names of the columns, trimmed.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UnusableDataException">It can't be read, is no text, or is empty.</exception>
    public static DelimitedFile Open(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableDataException($"{path} cannot be read: {e.Message}", e);
        }

        var text = TextOf(path, bytes);
        return string.IsNullOrWhiteSpace(text)
            ? throw new UnusableDataException($"{path} is empty; its first line has to name the columns.")
            : new(path, text, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>The records after the header, each with the line it begins on; empty ones are left out.</summary>
    /// <exception cref="UnusableDataException">A record has more or fewer fields than the header, or a quote is never closed.</exception>
    public IEnumerable<(int Line, string[] Fields)> Rows()
    {
        using var records = Records(Delimiter).GetEnumerator();
        for (var isHeader = true; Next(records); isHeader = false)
        {
            var (line, fields) = records.Current;
            if (isHeader)
            {
                continue;
            }

            if (fields.Length != Header.Count)
            {
                throw new UnusableDataException($"{Path}, line {line}: {fields.Length} fields where the header has {Header.Count}.");
            }

            yield return (line, fields);
        }
    }

    private string[] HeaderOf(char delimiter)
    {
        using var records = Records(delimiter).GetEnumerator();
        return Next(records) ? [.. records.Current.Fields.Select(name => name.Trim())] : [];
    }

    private IEnumerable<(int Line, string[] Fields)> Records(char delimiter) =>
        Csv.Parse(_text, delimiter).Where(record => !Array.TrueForAll(record.Fields, string.IsNullOrWhiteSpace));

    private bool Next(IEnumerator<(int Line, string[] Fields)> records)
    {
        try
        {
            return records.MoveNext();
        }
        catch (FormatException e)
        {
            throw new UnusableDataException($"{Path}, {e.Message}", e);
        }
    }

    private static string TextOf(string path, byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var text = reader.ReadToEnd();
        if (text.IndexOf('\0') is >= 0 and var zero)
        {
            throw new UnusableDataException($"{path}, line {LineOf(text, zero)}: there is a NUL character; it is no text, or damaged.");
        }

        if (reader.CurrentEncoding is UTF8Encoding && text.IndexOf('\uFFFD') is >= 0 and var strange && !Utf8.IsValid(bytes))
        {
            throw new UnusableDataException($"{path}, line {LineOf(text, strange)}: the text is not UTF-8. Save it as UTF-8.");
        }

        return text;
    }

    private static int LineOf(string text, int place) => 1 + text.AsSpan(0, place).Count('\n');
}
