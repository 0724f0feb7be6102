using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Reporting.Tables;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CovidCt.Cli.Output;

/// <summary>
/// Where words go: to standard output, or, when one JSON document is asked for, all but that to standard error.
/// </summary>
internal sealed class ConsoleOutput
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TextWriter _output;
    private readonly TextWriter _error;

    /// <summary>Writes to where it is told.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="isTerminal">Whether standard output is one.</param>
    /// <param name="json">Whether one JSON document is asked for.</param>
    public ConsoleOutput(TextWriter output, TextWriter error, bool isTerminal, bool json)
    {
        (_output, _error) = (output, error);
        IsJson = json;
        IsInteractive = !json && isTerminal;
        Human = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            Out = new AnsiConsoleOutput(Words),
        });
        if (!IsInteractive)
        {
            Human.Profile.Width = 10_000; // A table in a file is as wide as it is.
        }
    }

    public bool IsJson { get; }

    /// <summary>Whether a person looks on.</summary>
    public bool IsInteractive { get; }

    /// <summary>Where all goes but errors, warnings and the document.</summary>
    public TextWriter Words => IsJson ? _error : _output;

    /// <summary>For tables and progress.</summary>
    public IAnsiConsole Human { get; }

    /// <summary>A line as it is: a file has no width to wrap at, and a terminal wraps so that paths can be copied.</summary>
    public void Line(string text = "") => Words.WriteLine(text);

    /// <summary>Sentences, which a terminal breaks between words.</summary>
    public void Prose(string text)
    {
        if (IsInteractive)
        {
            Human.WriteLine(text);
        }
        else
        {
            Line(text);
        }
    }

    /// <summary>A line while progress is shown, which moves down for it.</summary>
    public void LineAboveProgress(string text)
    {
        if (IsInteractive)
        {
            WriteOver(new Text(text));
        }
        else
        {
            Line(text);
        }
    }

    public void Warning(string text)
    {
        if (IsInteractive)
        {
            WriteOver(new Markup($"[yellow]warning:[/] {Markup.Escape(text)}"));
        }
        else
        {
            _error.WriteLine($"warning: {text}");
        }
    }

    /// <summary>The one document of standard output.</summary>
    public void Json(JsonNode document) => _output.WriteLine(document.ToJsonString(Indented));

    /// <summary>A line of error.</summary>
    public void Error(string message) => _error.WriteLine($"covidct: {message}");

    /// <summary>What the program ends with: a line of error, and a document where one is asked for.</summary>
    public void Fail(int code, string message)
    {
        Error(message);
        if (IsJson)
        {
            Json(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });
        }
    }

    /// <summary>A table; where the terminal is too narrow for it, a paragraph a row.</summary>
    public void Table(TableData data)
    {
        var widths = data.Headers.Select((header, i) => data.Rows.Select(row => row[i].Length).Append(header.Length).Max());
        if (widths.Sum(width => width + 3) + 1 > Human.Profile.Width)
        {
            foreach (var row in data.Rows)
            {
                Human.WriteLine($"{row[0]}: {string.Join(", ", data.Headers.Zip(row, (header, cell) => $"{header} {cell}").Skip(1))}");
            }

            return;
        }

        var table = new Table().Border(IsInteractive ? TableBorder.Rounded : TableBorder.Simple);
        for (var i = 0; i < data.Headers.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(data.Headers[i])).NoWrap();
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        foreach (var row in data.Rows)
        {
            table.AddRow(row.Select(cell => new Markup(Markup.Escape(cell))));
        }

        Human.Write(table);
    }

    // A grid fills its lines to the edge, and so covers what is left of the bars that were there.
    private void WriteOver(IRenderable content) =>
        Human.Write(new Grid { Expand = true }.AddColumn(new GridColumn().Padding(0, 0)).AddRow(content));
}
