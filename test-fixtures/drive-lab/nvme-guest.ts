// What a small guest needs to use the lab's NVMe drives: modules, programs, and words for its shell.
import { MODULES } from '../virtual-laptop/small-guest.ts';

export const NVME_GUEST = {
  modules: [...MODULES.network, 'nvme_tcp'],
  files: {
    'usr/sbin/nvme': { system: 'usr/sbin/nvme' },
    'usr/sbin/smartctl': { system: 'usr/sbin/smartctl' },
    'usr/sbin/blkdiscard': { system: 'usr/sbin/blkdiscard' },
  },
  /**
   * `lab_network` brings the network up. `lab_find NQN` prints the controller, as nvme0, and `lab_disk NQN` the block
   * device, as nvme0n1; each waits for it up to 20 s. `lab_gone NQN` waits until no controller is left.
   */
  words: `
lab_network() { until [ -e /sys/class/net/eth0 ]; do sleep 0.1; done; ifconfig lo 127.0.0.1 up; ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up; }
lab_controller() { for lab_dir in /sys/class/nvme/nvme*; do [ "$(cat $lab_dir/subsysnqn 2>/dev/null)" = "$1" ] && basename $lab_dir; done; }
lab_find() { lab_wait 'lab_controller '$1; }
lab_wait() { lab_turn=0; while [ $lab_turn -lt 100 ]; do lab_found=$($1); [ -n "$lab_found" ] && echo $lab_found && return 0; lab_turn=$((lab_turn+1)); sleep 0.2; done; return 1; }
lab_block() { lab_name=$(lab_controller $1); [ -n "$lab_name" ] && for lab_dir in /sys/class/nvme/$lab_name/nvme*n*; do [ -d $lab_dir ] && [ -b /dev/$(basename $lab_dir) ] && basename $lab_dir && break; done; }
lab_disk() { lab_wait 'lab_block '$1; }
lab_gone() { lab_turn=0; while [ -n "$(lab_controller $1)" ]; do lab_turn=$((lab_turn+1)); [ $lab_turn -gt 100 ] && return 1; sleep 0.2; done; }
`,
} as const;
