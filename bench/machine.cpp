// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tidings::bench {

namespace {

constexpr std::size_t probes = 300;
constexpr std::size_t probe_size = 4096;

double median_sync_us(const std::filesystem::path& folder)
{
    std::string file = (folder / "probe").string();
    int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) throw std::runtime_error("cannot write " + file);
    std::vector<char> page(probe_size, 'x');
    std::vector<double> times;
    for (std::size_t i = 0; i < probes; ++i) {
        auto begin = std::chrono::steady_clock::now();
        if (write(descriptor, page.data(), page.size()) < 0 || fdatasync(descriptor) != 0)
            throw std::runtime_error("cannot sync " + file);
        times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
    }
    close(descriptor);
    unlink(file.c_str());
    std::nth_element(times.begin(), times.begin() + probes / 2, times.end());
    return times[probes / 2];
}

std::string cpu_model()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

}  // namespace

Machine look_at_machine(const std::filesystem::path& folder)
{
    Machine machine;
    machine.cores = std::thread::hardware_concurrency();
    machine.cpu = cpu_model();
    utsname system{};
    uname(&system);
    machine.kernel = system.release;
    machine.memory_gib = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)) / (1 << 30);
    machine.sync_us = median_sync_us(folder);
    getloadavg(&machine.load_before, 1);
    return machine;
}

}  // namespace tidings::bench
