using System.Text;

namespace CovidCt.Data;

/// <summary>A table of comma-separated values as RFC 4180 has it, with a header.</summary>
internal sealed class CsvTable
{
    private CsvTable(string file, string[] header, List<(int Line, string[] Fields)> rows)
    {
        File = file;
        Header = header;
        Rows = rows;
    }

    /// <summary>The path, for messages.</summary>
    public string File { get; }

    public string[] Header { get; }

    /// <summary>The rows after the header that are not blank, each with the line it begins on.</summary>
    public IReadOnlyList<(int Line, string[] Fields)> Rows { get; }

    /// <summary>Reads a file as UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="UnusableDataException">It cannot be read, has no header, or a quote is never closed.</exception>
    public static CsvTable Read(string file)
    {
        string text;
        try
        {
            text = System.IO.File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableDataException($"{file} cannot be read: {e.Message}", e);
        }

        List<(int Line, string[] Fields)> records;
        try
        {
            records = [.. Csv.Parse(text).Where(r => r.Fields is not [var only] || !string.IsNullOrWhiteSpace(only))];
        }
        catch (FormatException e)
        {
            throw new UnusableDataException($"{file}, {e.Message}", e);
        }

        return records.Count > 0
            ? new CsvTable(file, [.. records[0].Fields.Select(name => name.Trim())], records[1..])
            : throw new UnusableDataException($"{file} is empty; its first line has to name the columns.");
    }

    /// <summary>The index of a column by its name in any case; −1 without one.</summary>
    public int Find(string column) => Array.FindIndex(Header, name => name.Equals(column, StringComparison.OrdinalIgnoreCase));

    /// <summary>The index of a column by its name in any case.</summary>
    /// <exception cref="UnusableDataException">There is none.</exception>
    public int Require(string column) => Find(column) is >= 0 and var index
        ? index
        : throw new UnusableDataException(
            $"{File} has no column '{column}'. Its columns are {string.Join(", ", Header.Select(name => $"'{name}'"))}"
            + (Header is [var only] && only.AsSpan().IndexOfAny(';', '\t') >= 0 ? "; separate them by commas." : "."));

    /// <summary>A field without the blanks around it; empty where the row is too short.</summary>
    public static string Field(string[] row, int column) => column >= 0 && column < row.Length ? row[column].Trim() : "";
}
