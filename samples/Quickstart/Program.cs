using CovidCt.Models.Runtime;
using TorchSharp;
TorchRuntime.EnsureLoaded();
Console.WriteLine(TorchRuntime.Report);
Console.WriteLine(torch.zeros(3).sum().item<float>());
