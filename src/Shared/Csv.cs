using System.Text;

namespace CovidCt;

/// <summary>Comma-separated values as RFC 4180 has them, with <c>\n</c> between the records.</summary>
internal static class Csv
{
    /// <summary>Writes a header and its records; the file is whole or not there.</summary>
    public static void Write(string path, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> records)
    {
        var text = new StringBuilder();
        foreach (var record in records.Prepend(header))
            text.AppendJoin(',', record.Select(CsvText.Quote)).Append('\n');
        AtomicFile.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads the records below a header that must be <paramref name="header"/>.</summary>
    /// <returns>The line on which each record begins, counted from 1, and its fields.</returns>
    /// <exception cref="InvalidDataException">Not such a file; the message names it, the line and the fault.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(string path, IReadOnlyList<string> header)
    {
        var records = Parse(path);
        if (records.Count == 0 || !records[0].Fields.SequenceEqual(header))
            throw new InvalidDataException($"{path} does not begin with the columns {string.Join(',', header)}.");
        foreach (var (line, fields) in records.Skip(1))
        {
            if (fields.Length != header.Count)
                throw new InvalidDataException($"{path}, line {line}: {fields.Length} fields where {header.Count} belong.");
            yield return (line, fields);
        }
    }

    private static List<(int Line, string[] Fields)> Parse(string path)
    {
        try
        {
            return [.. CsvText.Parse(File.ReadAllText(path))];
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path}, {e.Message}", e);
        }
    }
}
