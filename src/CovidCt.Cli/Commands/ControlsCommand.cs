using System.CommandLine;
using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct controls</c>: what folds of several kinds give away, on features that nothing was fitted to.</summary>
internal sealed class ControlsCommand
{
    private readonly DataOptions _data =
        new("COVID19-CT, SARS-CoV-2 CT-scan, a folder per class, or a CSV manifest (path,label,patient,source).");

    private readonly Option<string?> _backbones =
        SharedOptions.Networks("--backbones", "a,b|all", "Networks by name, with commas between, or all. [default: squeezenet1_1]");

    private readonly Option<string?> _weights = SharedOptions.Text(
        "--weights",
        "DIR|imagenet",
        "A folder with NAME*.safetensors or NAME*.pth; a network without one starts at random. imagenet: the published weights.");

    private readonly Option<string?> _groupBy = SharedOptions.Text(
        "--group-by", FoldWords.Placeholder, "A further way of drawing folds, besides those by image, patient, source and collection.");

    private readonly Option<int?> _folds =
        SharedOptions.Number<StudyOptions, int>("--folds", nameof(StudyOptions.Folds), "N", "Folds. [default: 5]");

    private readonly Option<int?> _foldDraws = SharedOptions.Number<ControlOptions, int>(
        "--fold-draws",
        nameof(ControlOptions.FoldDraws),
        "N",
        "How often folds are drawn; figures are means over the drawings. [default: 10]");

    private readonly Option<long?> _seed =
        SharedOptions.Number<StudyOptions, long>("--seed", nameof(StudyOptions.Seed), "N", "Decides folds and random labels. [default: 0]");

    private readonly ReadingOptions _reading = ReadingOptions.ForData();
    private readonly Option<string?> _device = SharedOptions.Device();
    private readonly Option<string?> _file = SharedOptions.Text("--out", "FILE", "Write the controls to this JSON file.");
    private readonly ConsoleOutput _console;
    private readonly CancellationToken _cancellationToken;

    private ControlsCommand(ConsoleOutput console, CancellationToken cancellationToken) =>
        (_console, _cancellationToken) = (console, cancellationToken);

    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var self = new ControlsCommand(console, cancellationToken);
        var command = new Command(
            "controls",
            "Asks features of networks that nothing was fitted to what folds give away: the labels, random labels dealt by patient and "
                + "by source, and images without lungs, in folds by image, patient, source and across collections.");
        Array.ForEach(
            [
                .. self._data.OfOne, .. self._data.OfTest, self._backbones, self._weights, self._groupBy, self._folds, self._foldDraws,
                self._seed, .. self._reading.All, self._device, self._file, SharedOptions.Json(),
            ],
            command.Options.Add);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var target = parsed.GetValue(_file);
        if (target is not null && Directory.Exists(target))
        {
            throw new UsageException(
                $"--out {target} is a folder; give the name of a file, such as {Path.Combine(target, StudyLayout.ControlsName)}.");
        }

        var decoder = _reading.Of(parsed);
        var dataset = _data.Open(parsed, decoder) ?? throw new UsageException("Give --data DIR, the data set to ask about.");
        dataset = DataOptions.Examined(_console, dataset, decoder, _cancellationToken);
        var options = OptionsOf(parsed);
        FoldWords.RequireColumn(options.GroupBy, dataset);
        var foldDraws = parsed.GetValue(_foldDraws) ?? new ControlOptions().FoldDraws;
        var study = new Study(decoder: decoder);
        var report = StepDisplay.Show(
            _console, null, progress => study.MakeControls(dataset, options, folder: null, foldDraws, progress, _cancellationToken));
        if (target is not null)
        {
            StudyLayout.Holding(target).Sums.Write(() => report.Write(target), target);
        }

        Print(report);
        return ExitCodes.Done;
    }

    private StudyOptions OptionsOf(ParseResult parsed)
    {
        var options = new StudyOptions
        {
            Networks = parsed.GetValue(_backbones) switch
            {
                null => ["squeezenet1_1"],
                var names => SharedOptions.NetworksOf(names),
            },
            GroupBy = _data.GroupByOf(parsed, _groupBy) ?? GroupBy.Image,
        };
        options.WeightsFolder = PublishedFiles.FolderOf(parsed.GetValue(_weights), _console, options.Networks, _cancellationToken);
        options.Folds = parsed.GetValue(_folds) ?? options.Folds;
        options.Seed = parsed.GetValue(_seed) ?? options.Seed;
        options.Training.Device = SharedOptions.DeviceOf(parsed.GetValue(_device));
        return options;
    }

    private void Print(ControlReport report)
    {
        if (_console.IsJson)
        {
            _console.Json(report.ToJson());
            return;
        }

        var (table, caption) = TableData.OfControls(report);
        _console.Table(table);
        _console.Prose(caption);
    }
}
