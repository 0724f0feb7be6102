using System.Text;

namespace CovidCt.Data;

/// <summary>
/// Comma-separated values as RFC 4180 has them, with <c>\n</c> between the records that are written; blanks before an opening quote are
/// passed over.
/// </summary>
internal static class Csv
{
    /// <summary>Writes a header and its records; the file is whole or not there.</summary>
    public static void Write(string path, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> records)
    {
        var text = new StringBuilder();
        foreach (var record in records.Prepend(header))
        {
            text.AppendJoin(',', record.Select(Quote)).Append('\n');
        }

        AtomicFile.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads the records below a header that must be <paramref name="header"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The columns.</param>
    /// <param name="optional">A last column that the file may lack; its fields are empty then.</param>
    /// <returns>The line on which each record begins, counted from 1, and its fields.</returns>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(
        string path, IReadOnlyList<string> header, string? optional = null)
    {
        var records = ParseFile(path);
        var isThere = optional is not null && records.Count > 0 && records[0].Fields.Length > header.Count;
        if (records.Count == 0 || !records[0].Fields.SequenceEqual(isThere ? header.Append(optional!) : header))
        {
            throw new InvalidDataException($"{path} does not begin with the columns {string.Join(',', header)}.");
        }

        return Rows(path, records).Select(row => optional is null || isThere ? row : (row.Line, [.. row.Fields, ""]));
    }

    /// <summary>Reads a file of any columns.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The first record, and all others with the line on which each begins; all have as many fields as the first.</returns>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    public static (IReadOnlyList<string> Header, IReadOnlyList<(int Line, IReadOnlyList<string> Fields)> Records) ReadTable(string path)
    {
        var records = ParseFile(path);
        var header = records.Count == 0 ? [] : records[0].Fields;
        return (header, [.. Rows(path, records)]);
    }

    private static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Rows(string path, List<(int Line, string[] Fields)> records)
    {
        foreach (var (line, fields) in records.Skip(1))
        {
            if (fields.Length != records[0].Fields.Length)
            {
                throw new InvalidDataException($"{path}, line {line}: {fields.Length} fields where {records[0].Fields.Length} belong.");
            }

            yield return (line, fields);
        }
    }

    private static List<(int Line, string[] Fields)> ParseFile(string path)
    {
        try
        {
            return [.. Parse(File.ReadAllText(path))];
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path}, {e.Message}", e);
        }
    }

    /// <summary>Each record with the line it begins on, counted from 1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <exception cref="FormatException">A quote is never closed; the message names the line.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Parse(string text, char delimiter = ',')
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var (line, firstLine) = (1, 1);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when IsBlank(field):
                    field.Clear();
                    i = Quoted(i + 1);
                    break;
                case var c when c == delimiter:
                    EndField();
                    break;
                case '\r' or '\n':
                    if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                    {
                        i++;
                    }

                    EndField();
                    yield return (firstLine, fields.ToArray());
                    fields.Clear();
                    firstLine = ++line;
                    break;
                default:
                    field.Append(text[i]);
                    break;
            }
        }

        if (field.Length > 0 || fields.Count > 0)
        {
            EndField();
            yield return (firstLine, fields.ToArray());
        }

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
        }

        int Quoted(int i)
        {
            for (; i < text.Length; i++)
            {
                if (text[i] != '"')
                {
                    line += text[i] == '\n' ? 1 : 0;
                    field.Append(text[i]);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    return i;
                }
            }

            throw new FormatException($"line {firstLine}: a quote is opened and never closed.");
        }

        static bool IsBlank(StringBuilder field)
        {
            for (var i = 0; i < field.Length; i++)
            {
                if (field[i] != ' ')
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>A field as it is written.</summary>
    public static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
