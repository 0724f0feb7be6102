using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Reporting.Tables;
using Spectre.Console;

namespace CovidCt.Cli.Output;

/// <summary>
/// Where words go: to standard output, or, when one JSON document is asked for, all but that to standard error.
/// </summary>
internal sealed class ConsoleOutput
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ConsoleOutput(bool json)
    {
        IsJson = json;
        IsInteractive = !json && !Console.IsOutputRedirected;
        Human = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out) });
        if (!IsInteractive)
        {
            Human.Profile.Width = 10_000; // A table in a file is as wide as it is.
        }
    }

    public bool IsJson { get; }

    /// <summary>Whether a person looks on.</summary>
    public bool IsInteractive { get; }

    /// <summary>For tables and progress.</summary>
    public IAnsiConsole Human { get; }

    /// <summary>A line as it is: a file has no width to wrap at.</summary>
    public void Line(string text = "")
    {
        if (IsInteractive)
        {
            Human.WriteLine(text);
        }
        else
        {
            (IsJson ? Console.Error : Console.Out).WriteLine(text);
        }
    }

    public void Warning(string text)
    {
        if (IsInteractive)
        {
            Human.MarkupLineInterpolated($"[yellow]warning:[/] {text}");
        }
        else
        {
            Console.Error.WriteLine($"warning: {text}");
        }
    }

    /// <summary>The one document of standard output.</summary>
    public static void Json(JsonNode document) => Console.Out.WriteLine(document.ToJsonString(Indented));

    public void Fail(int code, string message)
    {
        Console.Error.WriteLine($"covidct: {message}");
        if (IsJson)
        {
            Json(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });
        }
    }

    public void Table(TableData data)
    {
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
}
