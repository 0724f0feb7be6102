using System.Text;

namespace CovidCt.Evaluation;

/// <summary>Comma-separated values as RFC 4180 has them, with <c>\n</c> between the records.</summary>
internal static class Csv
{
    /// <summary>Writes a header and its records; the file is whole or not there.</summary>
    public static void Write(string path, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> records)
    {
        var text = new StringBuilder();
        foreach (var record in records.Prepend(header))
            text.AppendJoin(',', record.Select(Quote)).Append('\n');
        AtomicFile.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads the records below a header that must be <paramref name="header"/>.</summary>
    /// <returns>The line on which each record begins, counted from 1, and its fields.</returns>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(string path, IReadOnlyList<string> header)
    {
        var records = Parse(path, File.ReadAllText(path));
        if (records.Count == 0 || !records[0].Fields.SequenceEqual(header))
            throw new InvalidDataException($"{path} does not begin with the columns {string.Join(',', header)}.");
        foreach (var (line, fields) in records.Skip(1))
        {
            if (fields.Count != header.Count)
                throw new InvalidDataException($"{path}, line {line}: {fields.Count} fields where {header.Count} belong.");
            yield return (line, fields);
        }
    }

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static List<(int Line, IReadOnlyList<string> Fields)> Parse(string path, string text)
    {
        List<(int, IReadOnlyList<string>)> records = [];
        List<string> fields = [];
        var field = new StringBuilder();
        int line = 1, begin = 1;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\n')
                line++;
            if (quoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[++i]);
                else
                    quoted = false;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == ',')
            {
                EndField();
            }
            else if (c == '\n')
            {
                EndRecord();
                begin = line;
            }
            else if (c != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
            {
                field.Append(c);
            }
        }

        if (quoted)
            throw new InvalidDataException($"{path}, line {begin}: a quoted field has no end.");
        if (field.Length > 0 || fields.Count > 0)
            EndRecord();
        return records;

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
        }

        void EndRecord()
        {
            EndField();
            records.Add((begin, [.. fields]));
            fields.Clear();
        }
    }
}
