using System.Text;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// A Markdown document that is put together from plain text: whatever is given is escaped, so that names from outside stay
/// names. Tables are GitHub's.
/// </summary>
internal sealed class Markdown
{
    /// <summary>What stands before a sentence that only people can write. Escaped text can't hold it.</summary>
    public const string OpenMark = "☐ **Open**";

    private const string Special = @"\`*[]<>|~&#";
    private readonly StringBuilder _text = new();

    /// <summary>How many sentences were left open.</summary>
    public int Open { get; private set; }

    public Markdown Heading(int level, string text) => Block($"{new string('#', level)} {Escape(text)}\n");

    public Markdown Paragraph(string text) => Block($"{Escape(text)}\n");

    public Markdown Strong(string text) => Block($"**{Escape(text)}**\n");

    /// <summary>A paragraph of this program's own Markdown.</summary>
    public Markdown Raw(string text) => Block($"{text}\n");

    /// <summary>Another document after this one.</summary>
    public Markdown Append(Markdown other)
    {
        Open += other.Open;
        return Block(other.ToString());
    }

    /// <summary>A list of facts, each with its name; those without a text are left out.</summary>
    public Markdown Facts(params IEnumerable<(string Name, string? Text)> facts)
    {
        var lines = facts.Where(fact => fact.Text is not null).Select(fact => $"- **{Escape(fact.Name)}:** {Escape(fact.Text!)}\n")
            .ToList();
        return lines.Count == 0 ? this : Block(string.Concat(lines));
    }

    public Markdown List(IEnumerable<string> items)
    {
        var lines = items.Select(item => $"- {Escape(item)}\n").ToList();
        return lines.Count == 0 ? this : Block(string.Concat(lines));
    }

    /// <summary>Sentences that only people can write, by what they have to say.</summary>
    public Markdown Ask(params IReadOnlyCollection<string> sentences)
    {
        Open += sentences.Count;
        return sentences.Count == 0 ? this : Block(string.Concat(sentences.Select(sentence => $"- {OpenMark}: {Escape(sentence)}\n")));
    }

    /// <summary>A table of texts; columns of numbers stand to the right. Without rows it is left out.</summary>
    public Markdown Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, Func<int, bool>? isNumber = null) =>
        MarkedTable(headings, rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Escape)]), isNumber);

    /// <summary>A table whose cells are Markdown already.</summary>
    public Markdown MarkedTable(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, Func<int, bool>? isNumber = null)
    {
        var body = string.Concat(rows.Select(row => Row(row)));
        return body.Length == 0
            ? this
            : Block(Row(headings.Select(Escape)) + Row(headings.Select((_, column) => Rule(isNumber?.Invoke(column) == true))) + body);
    }

    public override string ToString() => _text.ToString();

    /// <summary>Text in the form that a reader of Markdown sees as it was, on one line.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\n' or '\r' or '\t' or '\u2028' or '\u2029')
            {
                escaped.Append(' ');
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped.Append(c).Append(text[++i]);
            }
            else if (char.IsControl(c) || char.IsSurrogate(c))
            {
                escaped.Append('\uFFFD'); // Half a character can't be written as UTF-8.
            }
            else
            {
                // Within a word, as in the networks' names, an underscore marks nothing.
                var isMark = Special.Contains(c, StringComparison.Ordinal) || (c == '_' && !(IsOfWord(i - 1) && IsOfWord(i + 1)));
                escaped.Append(isMark ? "\\" : "").Append(c);
            }
        }

        return escaped.ToString();

        bool IsOfWord(int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    private static string Rule(bool isNumber) => isNumber ? "---:" : ":---";

    private Markdown Block(string block)
    {
        _text.Append(_text.Length == 0 ? "" : "\n").Append(block);
        return this;
    }
}
