// dotnet run samples/audit.cs DATA: what makes figures on a data set better than they are, before any training. It needs no libtorch.
// Outside this repository, in place of the first line:
//     #:package CovidCt.Evaluation@0.1.0-preview.1
//     #:package SkiaSharp.NativeAssets.Linux.NoDependencies@3.119.4
#:project ../src/CovidCt.Evaluation
#:property PublishAot=false
using CovidCt.Audit;
using CovidCt.Data;

if (args is not [var data])
{
    Console.Error.WriteLine("Give DATA, a folder with a folder of images for each class, or a CSV file with the columns path and label.");
    return 2;
}

var report = DatasetAudit.Run(CtDataset.Open(data), new DatasetAuditOptions());
foreach (var finding in report.Findings)
{
    Console.WriteLine($"{finding.Verdict}: {finding.Check}: {finding.Sentence}");
}

return 0;
