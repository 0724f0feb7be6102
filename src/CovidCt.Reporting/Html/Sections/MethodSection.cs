using System.Text.Json.Nodes;
using System.Xml.Linq;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>All that is needed to do it again: recipe, seed, versions, machine.</summary>
internal static class MethodSection
{
    public static XElement Of(StudyReport study) => Element(
        "section", Attribute("id", "method"),
        Element("h2", "How it was done"),
        Schedule(study),
        HtmlTable.Of(
            "table-settings", "Settings",
            [new("Part"), new("Setting"), new("Value")],
            Settings.All(study.Settings).Select(setting => Element("tr", RowHeading(setting.Group), Text(setting.Name), Text(setting.Value)))),
        HtmlTable.Of(
            "table-machine", study.Machines.Count == 1 ? "Versions and machine" : "Versions and machines: runs were made under several, and their bits may differ from an unbroken study’s",
            [new("What"), new("Value")],
            Machine(study.Machines).Select(fact => Element("tr", RowHeading(fact.Name), Text(fact.Value)))),
        Time(study));

    /// <summary>How the learning rate was lowered; null where the number of epochs is not known.</summary>
    public static XElement? Schedule(StudyReport study)
    {
        if (study.Settings["training"]?["epochs"] is not JsonValue value || !value.TryGetValue(out int epochs) || epochs < 1)
        {
            return null;
        }

        // Of several factors that begin with the same epoch the last one counts; one that begins after the last epoch never does.
        var steps = StepSchedule.ForEpochs(epochs).Milestones.GroupBy(step => step.Epoch).Select(step => step.Last()).Where(step => step.Epoch < epochs).ToList();
        return Element("p", steps.Count == 0
            ? "The learning rate stayed as it began."
            : FormattableString.Invariant($"Of {FigureNumbers.Counted(epochs, "epoch")}, the learning rate was lowered to a share of its initial value: {string.Join(", ", steps.Select(step => FormattableString.Invariant($"{100 * step.Factor:0.###} % after epoch {step.Epoch}")))}."));
    }

    /// <summary>Versions and machine, each with its name.</summary>
    public static IEnumerable<(string Name, string Value)> Machine(IReadOnlyList<JsonObject> machines)
    {
        // The build names the package, TorchSharp and libtorch, with commas between.
        foreach (var part in machines.SelectMany(machine => (machine["build"]?.ToString() ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries)).Distinct())
        {
            var space = part.IndexOf(' ', StringComparison.Ordinal);
            yield return space < 0 ? ("Build", part) : (part[..space], part[(space + 1)..]);
        }

        foreach (var (key, name) in ((string, string)[])[("device", "Device"), ("cores", "Cores"), ("threads", "Threads"), ("instructionSet", "Instruction set"), ("system", "System")])
        {
            var values = machines.Select(machine => machine[key]?.ToString()).OfType<string>().Distinct().ToList();
            yield return (name, values.Count == 0 ? "not recorded" : string.Join("; ", values));
        }
    }

    private static XElement? Time(StudyReport study)
    {
        var rows = study.Networks
            .Select(network => (network, History: study.RunsOf(network).SelectMany(run => run.History).ToList()))
            .Where(entry => entry.History.Count > 0).ToList();
        return rows.Count == 0 ? null : HtmlTable.Of(
            "table-time", "Time of training, over the finished runs",
            [new("Network"), new("Epochs", true), new("Seconds an epoch", true), new("Minutes in all", true)],
            rows.Select(entry => Element(
                "tr",
                RowHeading(entry.network),
                Number(FigureNumbers.Whole(entry.History.Count)),
                Number(FormattableString.Invariant($"{entry.History.Average(epoch => epoch.Epoch.Seconds):0.00}")),
                Number(FormattableString.Invariant($"{entry.History.Sum(epoch => epoch.Epoch.Seconds) / 60:0.0}")))));
    }
}
