using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Cards;

/// <summary>The checklists as one document.</summary>
internal static class ChecklistFile
{
    public static Markdown Of(StudyFacts facts)
    {
        var filled = Checklist.All.Select(checklist => checklist.Fill(facts)).ToList();
        var document = new Markdown()
            .Heading(1, $"What a report of this study has to state: {facts.Title}")
            .Strong(facts.Warning)
            .Paragraph("Three checklists for reports, and the signalling questions of a tool that judges risk of bias, filled in from "
                + (facts.Given is { } given ? $"{given.MadeFrom}, as far as they say" : "the study’s folder as far as it says")
                + " something. Numbers and order of the items are the publications’. Their wording is not: "
                + "each is paraphrased and shortened, and the publications’ own text is what counts.");
        if (facts.Unfinished is { } unfinished)
        {
            document.Paragraph(unfinished);
        }

        document.Table(
            ["Checklist", "Items", "Answered by the run", "Partly", "Open"],
            filled.Select(list => (string[])
            [
                list.Checklist.Name,
                Numbers.Whole(list.Items.Count),
                .. Enum.GetValues<ItemState>().Select(state => Numbers.Whole(list.Count(state))),
            ]),
            column => column > 0);
        foreach (var list in filled)
        {
            document
                .Heading(2, list.Checklist.Name)
                .Paragraph(Lists.Sentences(
                    list.Checklist.Reference, list.Checklist.Remark, facts.IsGiven ? null : list.Checklist.InAStudy))
                .MarkedTable(["Item", "Topic", "What to state", "State", "What the run says", "From"], list.Items.Select(Row));
        }

        return document;
    }

    private static string[] Row(FilledItem filled) =>
    [
        filled.Item.Number,
        Markdown.Escape(filled.Item.Topic),
        Markdown.Escape(filled.Item.Wording),
        filled.State switch { ItemState.Answered => "answered", ItemState.Partly => "partly", _ => "open" },
        filled.Answer switch
        {
            null => $"{Markdown.OpenMark}: only people can answer.",
            { Rest: { } rest } answer => $"{Markdown.Escape(answer.Text)} {Markdown.OpenMark}: {Markdown.Escape(rest)}",
            { } answer => Markdown.Escape(answer.Text),
        },
        filled.Answer is null ? "" : Markdown.Escape(filled.Answer.Source),
    ];
}
