// An application without libtorch: it draws the report of a finished study's folder.
using CovidCt.Records;
using CovidCt.Reporting.Html;

var study = StudyReport.Read(args[0]);
new HtmlReport().Write(args[1], study);
Console.WriteLine(FormattableString.Invariant($"{study.Runs.Count} runs, report of {new FileInfo(args[1]).Length >> 10} KiB"));
return AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "TorchSharp") ? 1 : 0;
