// Answers about an image with an ONNX file, draws its map, and says what that took of memory.
using System.Diagnostics;
using CovidCt.Onnx;

var begin = Stopwatch.GetTimestamp();
using var classifier = OnnxClassifier.Load(args[0]);
var explained = classifier.Explain(args[1]);
var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
explained.SaveOverlay(args[2]);
var answer = explained.Answer;
var peak = Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20);
Console.WriteLine(FormattableString.Invariant(
    $"{answer.Positive} {answer.CalibratedProbability ?? answer.Probability:0.0000}; {seconds:0.00} s, at most {peak:0} MiB"));
